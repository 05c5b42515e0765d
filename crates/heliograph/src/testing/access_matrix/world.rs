//! Viewers by column, and the things that the routes are tried on.

use crate::access::{self, Permission, Role, Route};
use crate::ledger::{Actor, open_epoch};
use crate::testing::case::InCase;
use crate::testing::clearance::person;
use crate::testing::partner::{FOUND, Partnership, order_form};
use crate::testing::{Answer, Client, PASSWORD, TestApp, between};
use catalogue::Input;
use serde_json::{Value, json};

pub(super) struct World<'a> {
    app: &'a TestApp,
    people: Vec<Client<'a>>,
    disabled: Client<'a>,
    case: InCase<'a>,
    /// A case whose advisory is out.
    published: InCase<'a>,
    /// A case of the same vendor, which it can leave.
    left: InCase<'a>,
    /// An application that the coordinator among the people assesses.
    applicant: Partnership<'a>,
    /// Another partner, with its certificate and a request.
    unit: Partnership<'a>,
    serial: String,
    request: String,
    /// An accreditation of that partner, with a file.
    accreditation: String,
    /// An account that nobody uses.
    bystander: String,
    /// A person who asked for a correction.
    person: String,
}

const ROLES: [Role; 5] =
    [Role::Coordinator, Role::ProgrammeManager, Role::SecurityOfficer, Role::Auditor, Role::Administrator];

/// An end of the embargo that may be proposed.
const END: [(&str, &str); 2] = [("end", "2026-12-20T12:00"), ("end_zone", "UTC")];

impl<'a> World<'a> {
    pub(super) fn new(app: &'a TestApp) -> Self {
        let case = app.case_with(&[("proof_of_concept", "zinnober.py"), ("for_manufacturer", "yes")]);
        let (organisation, vendor) = case.vendor("Nordwind");
        let left = app.case();
        let pairs = [("vendor", organisation.as_str())];
        assert_eq!(left.desk.post_form(&left.place("/invite"), &pairs).status(), 303);
        assert_eq!(vendor.post_form(&left.place("/terms"), &[("answer", "accept")]).status(), 303);
        let published = app.case();
        published.publish();
        let stranger = app.vendor(&app.organisation("Südwind"));
        let first =
            [app.anonymous(), case.report.client.clone(), app.account(&[Role::Reporter]), vendor, stranger];
        let people: Vec<Client<'a>> =
            first.into_iter().chain(ROLES.iter().map(|role| app.account(&[*role]))).collect();
        let login = app.login(&[Role::Coordinator], None);
        let disabled = app.signed_in(&login);
        let account = app.account_id(&login).to_string();
        let done = people[9].post_form("/accounts/change", &[("account", &account), ("do", "disable")]);
        assert_eq!(done.status(), 303);
        app.submit(|w| Ok(open_epoch(w, None, None)?));
        app.app.ledger.checkpoint_blocking().unwrap();
        import(app);
        let bystander = app.account_id(&app.login(&[Role::Reporter], None)).to_string();
        let mut applicant = app.partnership("Unit");
        let [first, _] = &mut applicant.assessors;
        *first =
            (people[5].get("/api/v1/me").json()["account"].as_str().unwrap().to_owned(), people[5].clone());
        applicant.go_to("assessing");
        let claim = [("claim_code", case.report.claim.as_str())];
        assert_eq!(applicant.person.post_form("/partner/claim", &claim).status(), 303);
        let unit = app.partnership_at("active");
        let (serial, request) = (unit.serial(), unit.ask());
        let accreditation = unit.accredit("iso-27001", &[]);
        let file = format!("/api/v1/desk/accreditations/{accreditation}/evidence/zinnober.pdf");
        assert_eq!(unit.manager.send("PUT", &file, None, b"zinnober".to_vec()).status(), 204);
        let asks = app.account(&[Role::Reporter]);
        assert_eq!(asks.post_form("/me/correction", &[("correction", "zinnober")]).status(), 303);
        let person = person(&asks);
        Self {
            app,
            people,
            disabled,
            case,
            published,
            left,
            applicant,
            unit,
            serial,
            request,
            accreditation,
            bystander,
            person,
        }
    }

    /// Somebody with an account who has the permission; reporters with a claim code have none.
    fn owner(&self, permission: Permission) -> &Client<'a> {
        match permission {
            Permission::ManageAccounts | Permission::ReadMetrics => &self.people[9],
            Permission::ParticipateInCase => &self.people[3],
            Permission::AuditReads => &self.people[8],
            Permission::ManageProgramme | Permission::KeepAccreditations => &self.people[6],
            Permission::RepresentPartner | Permission::HoldAccreditations => &self.unit.person,
            Permission::KeepRegister => &self.people[7],
            _ => &self.people[5],
        }
    }

    pub(super) fn viewers(&self, permission: Permission) -> Vec<Client<'a>> {
        let owner = self.owner(permission);
        let other = match permission {
            Permission::OwnAccount => Permission::SubmitReport,
            _ => Permission::OwnAccount,
        };
        // What a program has no use for, or nobody with an account can do, is no scope of a token.
        let scope = match permission {
            Permission::Public | Permission::FollowReport | Permission::SecondFactor => {
                Permission::SubmitReport
            }
            scope => scope,
        };
        let mut all = self.people.clone();
        all.push(self.app.token(owner, &[scope]));
        all.push(self.app.token(owner, &[other]));
        all.push(self.disabled.clone());
        all
    }

    /// A request that finds something for whoever may look, and can be carried out or refused for a
    /// reason that is no secret.
    pub(super) fn ask(&self, route: &Route, client: &Client<'a>) -> Answer {
        let report = self.case.report.id.as_str();
        let id = match route.path {
            path if path.contains("/advisories/") => self.published.id.as_str(),
            "/api/v1/cases/{id}/leave" => self.left.id.as_str(),
            path if path.contains("/accreditations/") => self.accreditation.as_str(),
            path if path.contains("/accounts/") => self.bystander.as_str(),
            path if path.contains("/register/") => self.person.as_str(),
            path if path.contains("/case") => self.case.id.as_str(),
            path if path.contains("/requests/") => self.request.as_str(),
            path if path.contains("/programmes/") => "tsu-defensive",
            path if path.contains("/programme/") || path.contains("/assessments/") => {
                self.applicant.id.as_str()
            }
            _ => report,
        };
        let path = self.place(route);
        match (route.method, route.path) {
            ("GET", "/assets/{name}") => client.get(&self.asset()),
            ("GET", "/feeds/json/cve/2.0/{file}") => {
                client.get("/feeds/json/cve/2.0/nvdcve-2.0-modified.meta")
            }
            ("GET", "/osv/{file}" | "/osv/{ecosystem}/{file}") => {
                client.get(&path.replace("{ecosystem}", "npm").replace("{file}", "modified_id.csv"))
            }
            ("GET", "/api/v1/requests/candidates") => client.get(&format!("{path}?asks=data_analysis")),
            ("GET", place) if place.starts_with("/account/subscriptions/{id}") => {
                client.get(&place.replace("{id}", &own_subscription(client)))
            }
            (method @ ("GET" | "DELETE"), "/api/v1/subscriptions/{id}") => {
                client.send(method, &path.replace("{id}", &saved_search(client)), None, Vec::new())
            }
            ("POST", "/account/subscriptions/end") => {
                client.post_form(&path, &[("id", &own_subscription(client))])
            }
            ("GET", "/affected") => client.get(&format!("{path}?product=gateway&version=1")),
            ("GET", place) if place.starts_with("/api/kev/") => client.get(&listing(client, place)),
            ("GET", "/api/capec/{id}") => client.get("/api/capec/63"),
            ("GET", "/imports/{number}") => client.get("/imports/1"),
            ("GET", "/api/cwe/{id}") => client.get("/api/cwe/79"),
            ("GET", "/weaknesses/{number}") => client.get("/weaknesses/79"),
            ("GET", "/api/enisaid") => client.get(&format!("{path}?id=CVE-2026-0001")),
            ("GET", "/v/{id}" | "/v/{id}/history" | "/v1/vulns/{id}" | "/api/vulnerability/{id}") => {
                client.get(&path.replace("{id}", "CVE-2026-0001"))
            }
            ("GET", place) if place.contains("/cpematch/") => client.get(&(path + "?cveId=CVE-2026-0001")),
            ("GET", "/log/epoch/{number}") => client.get("/log/epoch/2"),
            ("GET", "/log/tile/{*path}") => {
                let sql = "SELECT CAST(MAX(size) AS BIGINT) FROM checkpoints";
                client.get(&format!("/log/tile/0/000.p/{}", self.app.number(sql)))
            }
            ("GET", _) => client.get(&path.replace("{id}", id).replace("{subject}", report)),
            ("PUT", place) if place.contains("/evidence/") => {
                client.send("PUT", &path.replace("{id}", id), None, b"zinnober".to_vec())
            }
            ("POST", "/invite") => self.accept_an_invitation(client),
            ("POST", "/account/tokens/revoke") => client.post_form(&path, &[("id", &own_token(client))]),
            ("POST", "/api/v1/reports/case/leave") => {
                // Whoever left is not there any more, so each asks in a case of her own.
                client.post_json(&path, &json!({ "claim_code": self.app.case().report.claim }))
            }
            ("POST", place) if self.claimed(place).is_some() => {
                client.post_json(&path, &self.claimed(place).unwrap_or_default())
            }
            (method @ ("POST" | "PUT"), place) if place.starts_with("/api/v1/") => {
                let path = path.replace("{id}", id);
                let body = self.document(place).to_string().into_bytes();
                client.send(method, &path, Some("application/json"), body)
            }
            ("POST", _) => post(client, &path.replace("{id}", id), &self.form(route.path)),
            (other, _) => panic!("the matrix knows no {other}"),
        }
    }

    /// The address of a route, but for the `{id}` in it.
    fn place(&self, route: &Route) -> String {
        let report = self.case.report.id.as_str();
        let filing = [
            ("{debtor}", "reporter"),
            ("{profile}", "cra-art14"),
            ("{duty}", "aev.ew"),
            ("{drill}", "HEL-D-2026-000001"),
            ("{vendor}", "nordwind"),
            ("{product}", "gateway"),
            ("{cpe}", "cpe:2.3:a:nordwind:gateway"),
            ("{date}", "2024-01-31"),
            ("{first}", "osv"),
            ("{second}", "5"),
        ];
        let path = filing
            .iter()
            .fold(route.path.replace("{subject}", report), |path, (name, value)| path.replace(name, value));
        let which = if route.path.contains("/evidence/") { "0" } else { "poc" };
        let act = match route.path {
            path if path.contains("/requests/") && path.starts_with("/partner/") => "accept",
            path if path.contains("/requests/") => "withdraw",
            path if path.contains("/accreditations/") => "withdraw",
            path if path.starts_with("/partner/") => "declare",
            path if path.starts_with("/vetting/") => "debrief",
            path if path.starts_with("/me/") => "year",
            _ => "turn-away",
        };
        let path = path.replace("{person}", &self.person);
        let path = path.replace("{act}", act).replace("{serial}", &self.serial);
        let path = path.replace("{scheme}", "crest").replace("/{name}", "/zinnober.pdf");
        let path = path.replace("{report}", report).replace("{which}", which).replace("{code}", "unknown");
        path.replace("{kind}", "invalid").replace("{format}", "csaf.json")
    }

    /// What is sent to a place, so that it is the viewer and not the form that is refused.
    fn form(&self, path: &str) -> Vec<(&'static str, String)> {
        let pairs: &[(&str, &str)] = match path {
            "/accounts/change" => {
                return vec![("account", self.bystander.clone()), ("do", "invite".into())];
            }
            "/accounts/person" => return vec![("account", self.bystander.clone())],
            "/case/{id}/invite" => {
                let new = self.app.organisation(&format!("Guest {}", self.app.size()));
                return vec![("vendor", new.to_string())];
            }
            "/case/{id}/message" | "/my/case/message" => &[("to", "everyone"), ("message", "zinnober")],
            "/account/subscriptions" => &[("name", "zinnober"), ("search", "kev:true")],
            "/case/{id}/propose" | "/my/case/propose" => &END,
            "/case/{id}/terms" | "/my/case/terms" => &[("answer", "accept")],
            "/case/{id}/report-state" => &[("step", "validate")],
            "/case/{id}/fix" => &[("event", "fix_ready")],
            "/case/{id}/statement" => &[("product", "zinnober"), ("status", "affected")],
            // Refused for what they are about, so that the case stays open for the rest.
            "/case/{id}/classify" | "/vetting/cases" => &[("case", "HEL-2026-999999"), ("asks", "zinnober")],
            "/me/{act}" => &[("interest", "no")],
            "/case/{id}/embargo" => &[("do", "keep"), ("reason", "not_confirmed")],
            "/case/{id}/advisory" => &[("base", "0"), ("title", "A title")],
            path if path.contains("/advisory/") => &[("revision", "1"), ("hash", "of another draft")],
            path if path.starts_with("/deadlines/") => &[("debtor", "centre"), ("vendor", "")],
            "/case/{id}/state" => &[("event", "attacks_observed")],
            "/partner/{act}" => &[("what", "holdings"), ("has_any", "no"), ("words", "zinnober")],
            "/assessments/{id}" => &FOUND,
            "/finds/{id}" => &[("novel", "yes"), ("reach", "generic"), ("reasons", "zinnober")],
            "/requests" => {
                return order_form(self.unit.id.as_str())
                    .map(|(name, value)| (name, value.to_owned()))
                    .into();
            }
            "/account/accreditations" => &PAPER,
            "/desk/accreditations" => {
                return [PAPER.as_slice(), &[("organisation", self.unit.organisation.as_str())]]
                    .concat()
                    .iter()
                    .map(|(name, value)| (*name, (*value).to_owned()))
                    .collect();
            }
            path if path.ends_with("/import") => &[("table", "zinnober"), ("do", "try")],
            path if path.contains("/accreditations/") => &[("reasons", "zinnober")],
            "/requests/{id}/{act}" => &[("reasons", "zinnober")],
            "/programme/{id}/{act}" => &[("reasons", "zinnober")],
            _ => &[],
        };
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    /// What a reporter's program sends, which names itself with the claim code.
    fn claimed(&self, path: &str) -> Option<Value> {
        let mut document = match path.strip_prefix("/api/v1/reports/")? {
            "status" | "receipt" | "timeline" | "reads" | "case" | "case/advisory" => json!({}),
            "messages" => json!({ "message": "zinnober" }),
            "case/messages" => json!({ "to": "everyone", "message": "zinnober" }),
            "case/proposals" => json!({ "end": "2026-12-20T12:00:00Z" }),
            "case/terms" => json!({ "answer": "accept" }),
            _ => return None,
        };
        document["claim_code"] = json!(self.case.report.claim);
        Some(document)
    }

    /// What a program sends to a place, with the same intent.
    fn document(&self, path: &str) -> Value {
        match path.trim_start_matches("/api/v1") {
            "/cases/{id}/participants" => {
                let new = self.app.organisation(&format!("Guest {}", self.app.size()));
                json!({ "organisations": [new.to_string()] })
            }
            "/cases/{id}/messages" => json!({ "to": "everyone", "message": "zinnober" }),
            "/cases/{id}/embargo/proposals" => json!({ "end": "2026-12-20T12:00:00Z" }),
            "/cases/{id}/terms" => json!({ "answer": "accept" }),
            "/cases/{id}/report-state" => json!({ "step": "validate" }),
            "/cases/{id}/fix" => json!({ "event": "fix_ready" }),
            "/cases/{id}/statement" => json!({ "text": "zinnober" }),
            "/cases/{id}/embargo" => json!({ "decision": "keep", "reason": "not_confirmed" }),
            "/cases/{id}/observations" => json!({ "event": "attacks_observed" }),
            "/cases/{id}/advisory" => json!({ "advisory": { "title": "A title" } }),
            "/cases/{id}/classification" => json!({ "asks": "zinnober" }),
            "/register/import" => json!({ "table": "zinnober", "apply": false }),
            "/classifications" => json!({ "case": "HEL-2026-999999", "asks": null }),
            "/register/{id}/acts" => json!({ "act": "debrief" }),
            "/me/acts" => json!({ "act": "declare_year", "interest": false }),
            "/subscriptions" => json!({ "name": "zinnober", "search": "kev:true" }),
            "/cases/{id}/merge" => json!({ "into": self.case.id.as_str() }),
            path if path.contains("/advisory/") => json!({ "revision": 1, "hash": "0".repeat(64) }),
            path if path.ends_with("/submission") => {
                json!({ "at": "2026-11-24T09:30:00Z", "evidence": "zinnober" })
            }
            path if path.ends_with("/{duty}") => json!({ "values": {} }),
            "/accounts/{id}/person" => json!({ "person": null }),
            "/reports/{id}/decline" => json!({ "reason": "zinnober" }),
            "/reports/{id}/duplicate" => json!({ "of": "HEL-R-2026-000002" }),
            "/sbom" => {
                json!({ "bomFormat": "CycloneDX", "components": [{ "name": "a", "purl": "pkg:npm/a@1" }] })
            }
            "/requests" => {
                json!({ "partner": self.unit.id.as_str(), "asks": "data_analysis", "purpose": "remediation",
                "office": "zinnober", "legal_basis": "zinnober", "question": "zinnober" })
            }
            "/account/accreditations" => json!({ "paper": paper() }),
            "/desk/accreditations" => {
                json!({ "organisation": self.unit.organisation.as_str(), "paper": paper() })
            }
            path if path.ends_with("/import") => json!({ "table": "zinnober", "apply": true }),
            path if path.contains("/accreditations/") => json!({ "act": "withdraw", "reasons": "zinnober" }),
            "/requests/{id}/acts" => json!({ "act": "withdraw", "reasons": "zinnober" }),
            "/partner/requests/{id}/acts" => json!({ "act": "accept" }),
            "/finds/{id}/grade" => json!({ "novel": true, "reach": "generic", "reasons": "zinnober" }),
            "/assessments/{id}" => json!({ "words": "zinnober" }),
            "/partner/acts" => {
                json!({ "act": "declare", "what": "holdings", "has_any": false, "words": "zinnober" })
            }
            "/programme/partners/{id}/acts" => json!({ "act": "turn_away", "reasons": "zinnober" }),
            "/reports/{id}/messages" => json!({ "message": "zinnober" }),
            _ => json!({}),
        }
    }

    fn accept_an_invitation(&self, client: &Client<'a>) -> Answer {
        let name = format!("guest-{}", self.app.size());
        let (_, code) = self
            .app
            .submit(move |w| access::create_account(w, &Actor::System, &name, vec![Role::Reporter], None));
        client.post_form("/invite", &[("code", &code.text()), ("name", "A"), ("password", PASSWORD)])
    }

    fn asset(&self) -> String {
        let page = self.app.anonymous().get("/login");
        format!("/assets/{}", between(page.text(), "\"/assets/", "\""))
    }
}

/// What stands on a paper, as a form says it and as a program does.
const PAPER: [(&str, &str); 6] = [
    ("of", "account"),
    ("scheme", "check"),
    ("issuer", "Zinnober"),
    ("number", "zinnober"),
    ("from", "2026-06-01T00:00"),
    ("until", "2027-06-01T00:00"),
];

fn paper() -> Value {
    json!({ "scheme": "check", "issuer": "Zinnober", "number": "zinnober",
        "from": "2026-06-01T00:00:00Z", "until": "2027-06-01T00:00:00Z" })
}

fn post(client: &Client<'_>, path: &str, pairs: &[(&str, String)]) -> Answer {
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post_form(path, &pairs)
}

/// A record for the catalogue.
fn import(app: &TestApp) {
    let record = json!({
        "schema_version": "1.7.0",
        "id": "CVE-2026-0001",
        "modified": "2026-11-01T00:00:00Z",
        "summary": "A kettle boils over.",
        "affected": [{ "package": { "ecosystem": "npm", "name": "kettle" }, "versions": ["1.0.0"] }],
    });
    let of_product = json!({
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1",
        "cveMetadata": { "cveId": "CVE-2026-0002", "assignerOrgId": "00000000-0000-4000-8000-000000000000", "state": "PUBLISHED" },
        "containers": { "cna": {
            "providerMetadata": { "orgId": "00000000-0000-4000-8000-000000000000", "shortName": "nordwind" },
            "descriptions": [{ "lang": "en", "value": "A gateway stays open." }],
            "problemTypes": [{ "descriptions": [{ "lang": "en", "type": "CWE", "cweId": "CWE-79", "description": "CWE-79" }] }],
            "affected": [{ "vendor": "Nordwind", "product": "Gateway", "versions": [{ "version": "1", "status": "affected" }] }],
            "references": [{ "url": "https://example.org/gateway" }],
        } },
    });
    let weaknesses = r#"<Weakness_Catalog Name="CWE" Version="1" Date="2026-01-01"><Weaknesses><Weakness ID="79" Name="Glare"
        Abstraction="Base" Status="Draft"><Description>Light.</Description></Weakness></Weaknesses></Weakness_Catalog>"#;
    let patterns = r#"<Attack_Pattern_Catalog Version="1" Date="2026-01-01"><Attack_Patterns><Attack_Pattern ID="63" Name="Dazzle"
        Status="Draft"><Description>Light.</Description></Attack_Pattern></Attack_Patterns></Attack_Pattern_Catalog>"#;
    let listed = json!({
        "catalogVersion": "1", "dateReleased": "2026-11-01T00:00:00Z",
        "vulnerabilities": [{ "cveID": "CVE-2026-0003", "vulnerabilityName": "A lamp stays lit", "dateAdded": "2026-11-01" }],
    });
    for (name, text) in [
        ("kev.json", listed.to_string()),
        ("CVE-2026-0001.json", record.to_string()),
        ("CVE-2026-0002.json", of_product.to_string()),
        ("cwe.xml", weaknesses.to_owned()),
        ("capec.xml", patterns.to_owned()),
    ] {
        let file = app.folder().join(name);
        std::fs::write(&file, text).unwrap();
        let now = app.now();
        let done = app.app.catalogue.import(&[Input::Path(file)], "test", &|| now, &mut |_| {}).unwrap();
        assert_eq!(done.counts.added, 1);
    }
}

/// What is listed as known exploited.
fn listing(client: &Client<'_>, place: &str) -> String {
    let listed = client.get("/api/kev").json()["data"][0].clone();
    let text = |text: &Value| text.as_str().unwrap().to_owned();
    place
        .replace("{uuid}", &text(&listed["uuid"]))
        .replace("{origin}", &text(&listed["gcve"]["origin_uuid"]))
        .replace("{vulnerability}", &text(&listed["vulnerability"]["vulnId"]))
}

/// A search that this person's program saved; whoever may save none has none either.
fn saved_search(client: &Client<'_>) -> String {
    let wanted = json!({ "name": "zinnober", "search": "kev:true" });
    let made = client.post_json("/api/v1/subscriptions", &wanted);
    let id = if made.status() == 201 { made.json()["id"].clone() } else { "none".into() };
    id.as_str().unwrap_or("none").to_owned()
}

/// A bill of materials that this person follows; nobody else has one.
fn own_subscription(client: &Client<'_>) -> String {
    let bill = br#"{"bomFormat": "CycloneDX", "components": []}"#;
    client.multipart("/account/subscriptions", &[("name", "zinnober")], &[("files", "bom.json", bill)]);
    let page = client.get("/account/subscriptions");
    // Only a bill has a page of its own, and a search may stand before it.
    let id = page.text().split("href=\"/account/subscriptions/").nth(1);
    let id = id.and_then(|rest| rest.split(['"', '/']).next());
    id.unwrap_or("none").to_owned()
}

/// The id of a token of this person, as the account's page has it.
fn own_token(client: &Client<'_>) -> String {
    let made = client.post_form("/account/tokens", &[("name", "x"), ("scope", "own-account")]);
    if made.status() != 200 {
        return String::new();
    }
    let page = client.get("/account");
    between(page.text(), "name=\"id\" value=\"", "\"").to_owned()
}
