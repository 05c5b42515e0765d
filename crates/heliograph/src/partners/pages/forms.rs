//! Forms read into acts. They decide nothing.

use crate::partners::rules::{
    Ask, ContactPoint, Declared, Grade, ManagerAct, Marks, PartnerAct, Published, WORDS_MAX, WorkReport,
    asked,
};
use crate::refusal::Refusal;
use crate::web::Fields;
use programme::{Service, Value};
use std::collections::BTreeMap;

fn number(fields: &Fields, name: &'static str) -> Result<u32, Refusal> {
    fields.text(name).parse().map_err(|_| Refusal::invalid(name, "A whole number, please."))
}

/// What a manager's form asks for, by the last word of its address.
pub(super) fn manager(act: &str, fields: &Fields) -> Result<ManagerAct, Refusal> {
    let reasons = || fields.required("reasons", WORDS_MAX);
    Ok(match act {
        "invite" => {
            let unknown = |_| Refusal::invalid("organisation", "Choose an organisation.");
            let organisation = fields.text("organisation").parse().map_err(unknown)?;
            ManagerAct::Invite { organisation, programme: fields.required("programme", 100)? }
        }
        "turn-away" => ManagerAct::TurnAway { reasons: reasons()? },
        "assessors" => {
            let unknown = |_| Refusal::invalid("assessors", "Choose two assessors.");
            let chosen = fields.all("assessors").iter().filter(|id| !id.is_empty());
            let assessors = chosen.map(|id| id.parse().map_err(unknown)).collect::<Result<_, _>>()?;
            ManagerAct::NameAssessors { assessors }
        }
        "decide" => ManagerAct::Decide { admit: yes_or_no(fields, "admit")?, reasons: reasons()? },
        "appeal" => ManagerAct::DecideAppeal {
            uphold: yes_or_no(fields, "uphold")?,
            level: fields.limited("level", 50)?,
            reasons: reasons()?,
        },
        "contract" => ManagerAct::OfferContract {
            services: services(fields)?,
            hours: number(fields, "hours")?,
            terms: fields.required("terms", WORDS_MAX)?,
        },
        "activate" => ManagerAct::Activate {},
        "alert" => ManagerAct::ReviewAlert {
            number: number(fields, "number")?,
            timely: yes_or_no(fields, "timely")?,
            confirmed: yes_or_no(fields, "confirmed")?,
            severity: grade(fields)?,
            feedback: fields.required("feedback", WORDS_MAX)?,
        },
        "fact" => ManagerAct::StateFact {
            fact: fields.required("fact", 100)?,
            value: number(fields, "value")?,
            evidence: fields.required("evidence", WORDS_MAX)?,
        },
        "revoke" => ManagerAct::RevokeCertificate { reasons: reasons()? },
        "review" => ManagerAct::Review {},
        "warn" => ManagerAct::Warn { days: number(fields, "days")?, reasons: reasons()? },
        "suspend" => ManagerAct::Suspend { reasons: reasons()? },
        "reinstate" => ManagerAct::Reinstate { reasons: reasons()? },
        "end" => ManagerAct::End { reasons: reasons()? },
        _ => return Err(Refusal::NotFound),
    })
}

fn yes_or_no(fields: &Fields, name: &'static str) -> Result<bool, Refusal> {
    match fields.text(name) {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Refusal::invalid(name, "Choose yes or no.")),
    }
}

fn grade(fields: &Fields) -> Result<Grade, Refusal> {
    let known = Grade::ALL.iter().find(|(_, name)| *name == fields.text("severity"));
    known.map(|(grade, _)| *grade).ok_or_else(|| Refusal::invalid("severity", "Choose how bad it is."))
}

fn services(fields: &Fields) -> Result<Vec<Service>, Refusal> {
    let known = |word: &String| Service::ALL.iter().find(|(_, name, _)| name == word).map(|(one, ..)| *one);
    let unknown = || Refusal::invalid("services", "Choose among the services that are listed.");
    fields.all("services").iter().map(|word| known(word).ok_or_else(unknown)).collect()
}

/// What a partner's form asks for.
pub(super) fn partner(
    act: &str,
    fields: &Fields,
    programme: Option<&Published>,
) -> Result<PartnerAct, Refusal> {
    let reasons = || fields.required("reasons", WORDS_MAX);
    Ok(match act {
        "apply" => {
            let (facts, counts) = facts_and_counts(fields, programme)?;
            let level = fields.required("level", 50)?;
            PartnerAct::Apply { level, facts, counts, words: fields.required("words", WORDS_MAX)? }
        }
        "declare" => {
            let known = Declared::ALL.iter().find(|(_, name, _)| *name == fields.text("what"));
            let (what, ..) = known.ok_or_else(|| Refusal::invalid("what", "Choose what you declare."))?;
            let words = fields.required("words", WORDS_MAX)?;
            PartnerAct::Declare { what: *what, has_any: yes_or_no(fields, "has_any")?, words }
        }
        "contacts" => PartnerAct::Contacts { contacts: contacts(fields) },
        "appeal" => PartnerAct::Appeal { reasons: reasons()? },
        "claim" => PartnerAct::ClaimFind { claim_code: fields.required("claim_code", 200)? },
        "contest" => {
            let unknown = |_| Refusal::invalid("report", "This is no tracking number.");
            PartnerAct::ContestFind {
                report: fields.text("report").parse().map_err(unknown)?,
                reasons: reasons()?,
            }
        }
        "alert" => PartnerAct::SendAlert { words: fields.required("words", WORDS_MAX)? },
        "report" => PartnerAct::SignReport {
            report: WorkReport {
                finds: number(fields, "finds")?,
                cases: number(fields, "cases")?,
                alerts: number(fields, "alerts")?,
                requests: number(fields, "requests")?,
                explanation: fields.limited("explanation", WORDS_MAX)?,
            },
        },
        "here" => PartnerAct::AnswerCheck {},
        "sign" => PartnerAct::Sign {},
        "leave" => PartnerAct::Leave { reasons: reasons()? },
        _ => return Err(Refusal::NotFound),
    })
}

/// The rows of the form; those left empty are none.
fn contacts(fields: &Fields) -> Vec<ContactPoint> {
    let cell = |name: &str, at: usize| {
        fields.all(name).get(at).map(|value| value.trim().to_owned()).unwrap_or_default()
    };
    let rows = (0..fields.all("name").len()).map(|at| ContactPoint {
        name: cell("name", at),
        role: cell("role", at),
        reach: cell("reach", at),
        key: cell("key", at),
        hours: cell("hours", at),
        out_of_hours: cell("out_of_hours", at) == "yes",
    });
    rows.filter(|contact| {
        *contact != ContactPoint { out_of_hours: contact.out_of_hours, ..ContactPoint::default() }
    })
    .collect()
}

type FactsAndCounts = (BTreeMap<String, Value>, BTreeMap<String, u32>);

/// Facts and counts under the names that the programme gives them; what was left empty is not said.
fn facts_and_counts(fields: &Fields, programme: Option<&Published>) -> Result<FactsAndCounts, Refusal> {
    let (mut facts, mut counts) = (BTreeMap::new(), BTreeMap::new());
    let Some(published) = programme else { return Ok((facts, counts)) };
    let (known, countable) = asked(&published.programme);
    for (name, ask) in known {
        let text = fields.text(&format!("fact_{name}"));
        if text.is_empty() {
            continue;
        }
        let value = match ask {
            Ask::YesOrNo => Value::Flag(text == "yes"),
            Ask::Number => {
                let wrong = |_| Refusal::invalid(format!("fact_{name}"), "A number, please.");
                Value::Number(f64::from(text.parse::<u32>().map_err(wrong)?))
            }
            Ask::Judged(_) => Value::Word(text.to_owned()),
        };
        facts.insert(name, value);
    }
    for (id, _) in countable {
        let text = fields.text(&format!("count_{id}"));
        if !text.is_empty() {
            let wrong = |_| Refusal::invalid(format!("count_{id}"), "A whole number, please.");
            counts.insert(id.clone(), text.parse().map_err(wrong)?);
        }
    }
    Ok((facts, counts))
}

/// What an assessor's form says.
pub(super) fn marks(fields: &Fields, programme: Option<&Published>) -> Result<Marks, Refusal> {
    let (facts, counts) = facts_and_counts(fields, programme)?;
    Ok(Marks { facts, counts, words: fields.required("words", WORDS_MAX)? })
}
