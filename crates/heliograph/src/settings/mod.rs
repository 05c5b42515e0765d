//! Settings: `heliograph.toml`, overridden by `HELIOGRAPH_*`, overridden by flags.

mod folders;
mod proxies;

use crate::witnesses::Witness;
pub(crate) use folders::{own_file, own_files};
use jiff::{SignedDuration, Timestamp};
pub(crate) use proxies::Proxies;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What an operator can set.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The folder of database, catalogue and (unless moved) keys.
    pub(crate) data: PathBuf,
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// `postgres://…`; without it, SQLite in `data`.
    pub(crate) database: Option<String>,
    /// Where the keys lie; `keys` in `data` unless moved, which is wise.
    pub(crate) keys: Option<PathBuf>,
    /// A file that replaces the built-in policies.
    pub(crate) policies: Option<PathBuf>,
    /// The folder of regulation profiles of one's own; `profiles` in `data` unless moved.
    pub(crate) profiles: Option<PathBuf>,
    /// The folder of schemes of accreditation of one's own; `schemes` in `data` unless moved.
    pub(crate) schemes: Option<PathBuf>,
    /// The folder of clearance ladders of one's own; `clearances` in `data` unless moved.
    pub(crate) clearances: Option<PathBuf>,
    /// The list of sources that are imported by themselves; `sources.toml` in `data` unless moved.
    pub(crate) sources: Option<PathBuf>,
    /// The centre's name, as pages and advisories print it.
    pub(crate) name: String,
    /// Who answers, as advisories print it.
    pub(crate) contact: String,
    /// The centre's organisation in the CVE programme: its UUID and its short name. Empty: it is none,
    /// and writes no CVE records.
    pub(crate) cve_org_id: String,
    pub(crate) cve_org_name: String,
    /// The address under which the public reaches the centre.
    pub(crate) base_url: String,
    /// The log's name in checkpoints (C2SP: a URL without scheme).
    pub(crate) origin: String,
    /// The prefix of case numbers.
    pub(crate) prefix: String,
    /// The IANA zone in which dates are shown.
    pub(crate) zone: String,
    /// The proxies whose word about a client's address is believed.
    pub(crate) proxies: Proxies,
    /// Who cosigns the log's checkpoints.
    pub(crate) witnesses: Vec<Witness>,
    /// Every account needs a second factor, vendors and reporters too.
    pub(crate) second_factor_for_everyone: bool,
    /// Who is told as the time of a clock runs out.
    pub(crate) ladder: Ladder,
    /// Where the list of erasures lies; beside the database unless moved, which is wise.
    erasures: Option<PathBuf>,
    /// Who can open backups of the case keys, beside those whom `backup` names: age recipients.
    pub(crate) key_backup_recipients: Vec<String>,
    /// Days after which a backup of the case keys is deleted.
    key_backup_days: i64,
}

/// Who is told when a part of a clock's time is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ladder {
    half: Whom,
    four_fifths: Whom,
    all: Whom,
}

impl Ladder {
    /// Who is told when so many percent are used.
    pub(crate) fn at(&self, percent: i64) -> Whom {
        match percent {
            100.. => self.all,
            80.. => self.four_fifths,
            _ => self.half,
        }
    }
}

/// Whom to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whom {
    /// The coordinator who looks after the case; all of them where there is none.
    CaseCoordinator,
    Coordinators,
    SecurityOfficers,
    Nobody,
}

const WHOM: [(&str, Whom); 4] = [
    ("case-coordinator", Whom::CaseCoordinator),
    ("coordinators", Whom::Coordinators),
    ("security-officers", Whom::SecurityOfficers),
    ("nobody", Whom::Nobody),
];

fn whom(origins: &Origins, key: &str) -> anyhow::Result<Whom> {
    let word = origins.get(key).map_or("", |(value, _)| value.as_str());
    let found = WHOM.iter().find(|(name, _)| *name == word).map(|(_, whom)| *whom);
    found.ok_or_else(|| {
        wrong(origins, key, "expected case-coordinator, coordinators, security-officers or nobody")
    })
}

fn days(origins: &Origins, key: &str) -> anyhow::Result<i64> {
    let text = origins.get(key).map_or("", |(value, _)| value.as_str());
    let days = text.parse().ok().filter(|days| (1..=3650).contains(days));
    days.ok_or_else(|| wrong(origins, key, "expected a number of days, 1 to 3650"))
}

fn witnesses(origins: &Origins) -> anyhow::Result<Vec<Witness>> {
    let text = origins.get("witnesses").map_or("", |(value, _)| value.as_str());
    let all = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    all.map(|one| one.parse().map_err(|error| wrong(origins, "witnesses", &format!("{error}")))).collect()
}

/// Every setting: its name, its default, what it is.
const KEYS: &[(&str, &str, &str)] = &[
    ("data", "heliograph-data", "folder of database and catalogue"),
    ("listen", "127.0.0.1:8080", "address to listen on"),
    ("database", "", "postgres://… instead of SQLite"),
    ("keys", "", "folder of the keys, outside backups"),
    ("policies", "", "Cedar file that replaces the built-in policies"),
    ("profiles", "", "folder of regulation profiles of one's own; `profiles` in `data` unless moved"),
    ("schemes", "", "folder of schemes of accreditation of one's own; `schemes` in `data` unless moved"),
    ("clearances", "", "folder of clearance ladders of one's own; `clearances` in `data` unless moved"),
    ("sources", "", "list of sources that are imported by themselves; `sources.toml` in `data` unless moved"),
    ("name", "Heliograph", "the centre's name"),
    ("contact", "contact address not set", "who answers, as advisories print it"),
    ("cve_org_id", "", "UUID of the centre's organisation in the CVE programme"),
    ("cve_org_name", "", "short name of that organisation"),
    ("base_url", "", "address under which the public reaches the centre, if it is not that of `listen`"),
    ("origin", "heliograph.invalid/log", "the log's name in checkpoints"),
    ("prefix", "HEL", "prefix of case numbers"),
    ("zone", "UTC", "zone in which dates are shown"),
    ("told_at_50", "case-coordinator", "who is told when half of a clock's time is used"),
    ("told_at_80", "coordinators", "who is told when 80 % of a clock's time are used"),
    ("told_at_100", "security-officers", "who is told when a clock's time is used up"),
    ("witnesses", "", "who cosigns checkpoints: `KEY URL`, with commas between"),
    ("trusted_proxies", "", "addresses and networks of proxies in front, with commas between"),
    ("proxy_header", "X-Forwarded-For", "where they say for whom they ask: Forwarded or X-Forwarded-For"),
    ("erasures", "", "file with the list of what was erased, best on another medium than the database"),
    ("key_backup_recipients", "", "age recipients of case key backups, with commas between them"),
    (
        "key_backup_days",
        "30",
        "days after which a backup of case keys is deleted: an erasure is complete then",
    ),
    ("second_factor", "centre", "who must have a second factor: every role at the `centre`, or `everyone`"),
];

/// A value and where it came from.
pub(crate) type Origins = BTreeMap<&'static str, (String, String)>;

impl Settings {
    /// Settings from file, environment and flags.
    pub(crate) fn load(file: Option<&Path>, flags: &[(&str, String)]) -> anyhow::Result<Self> {
        Self::from_origins(&origins(file, flags)?)
    }

    fn from_origins(origins: &Origins) -> anyhow::Result<Self> {
        let text = |key: &str| origins.get(key).map(|(value, _)| value.clone()).unwrap_or_default();
        let some = |key: &str| Some(text(key)).filter(|value| !value.is_empty());
        let listen = text("listen")
            .parse()
            .map_err(|_| wrong(origins, "listen", "expected an address like 127.0.0.1:8080"))?;
        let settings = Self {
            data: text("data").into(),
            listen,
            database: some("database"),
            keys: some("keys").map(Into::into),
            policies: some("policies").map(Into::into),
            profiles: some("profiles").map(Into::into),
            schemes: some("schemes").map(Into::into),
            clearances: some("clearances").map(Into::into),
            sources: some("sources").map(Into::into),
            name: text("name"),
            contact: text("contact"),
            cve_org_id: text("cve_org_id"),
            cve_org_name: text("cve_org_name"),
            base_url: some("base_url")
                .map_or_else(|| local_url(listen), |url| url.trim_end_matches('/').to_owned()),
            origin: text("origin"),
            prefix: text("prefix"),
            zone: text("zone"),
            ladder: Ladder {
                half: whom(origins, "told_at_50")?,
                four_fifths: whom(origins, "told_at_80")?,
                all: whom(origins, "told_at_100")?,
            },
            proxies: Proxies::parse(&text("trusted_proxies"), &text("proxy_header")).map_err(|key| {
                let expected = "expected addresses like 10.0.0.1 or 10.0.0.0/8, and a header of the two";
                wrong(origins, key, expected)
            })?,
            witnesses: witnesses(origins)?,
            second_factor_for_everyone: text("second_factor") == "everyone",
            erasures: some("erasures").map(Into::into),
            key_backup_recipients: text("key_backup_recipients").split(',').map(str::to_owned).collect(),
            key_backup_days: days(origins, "key_backup_days")?,
        };
        if !["centre", "everyone"].contains(&text("second_factor").as_str()) {
            let expected = "expected centre or everyone; roles at the centre never go without";
            return Err(wrong(origins, "second_factor", expected));
        }
        if settings.database.as_ref().is_some_and(|url| !url.starts_with("postgres")) {
            return Err(wrong(origins, "database", "expected postgres://user@host/name"));
        }
        if settings.prefix.is_empty() || !settings.prefix.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(wrong(origins, "prefix", "expected capital letters like HEL"));
        }
        if jiff::tz::TimeZone::get(&settings.zone).is_err() {
            return Err(wrong(origins, "zone", "expected an IANA zone like Europe/Berlin"));
        }
        Ok(settings)
    }

    /// Notes the address that was really given: the settings may have left the port open.
    pub(crate) fn listens_on(&mut self, address: SocketAddr) {
        if self.base_url == local_url(self.listen) {
            self.base_url = local_url(address);
        }
        self.listen = address;
    }

    /// Where profiles of one's own lie, if there are any.
    pub(crate) fn profiles_dir(&self) -> PathBuf {
        self.profiles.clone().unwrap_or_else(|| self.data.join("profiles"))
    }

    /// Where schemes of one's own lie, if there are any.
    pub(crate) fn schemes_dir(&self) -> PathBuf {
        self.schemes.clone().unwrap_or_else(|| self.data.join("schemes"))
    }

    /// Where clearance ladders of one's own lie, if there are any.
    pub(crate) fn clearances_dir(&self) -> PathBuf {
        self.clearances.clone().unwrap_or_else(|| self.data.join("clearances"))
    }

    /// Where the list of sources lies, if there is one.
    pub(crate) fn sources_file(&self) -> PathBuf {
        self.sources.clone().unwrap_or_else(|| self.data.join("sources.toml"))
    }

    /// Whether the world can reach this machine but is told an address that only this machine reaches.
    pub(crate) fn lacks_base_url(&self) -> bool {
        self.listen.ip().is_unspecified() && self.base_url == local_url(self.listen)
    }

    /// Where the list of erasures lies.
    pub(crate) fn erasures_file(&self) -> PathBuf {
        self.erasures.clone().unwrap_or_else(|| self.data.join("erasures.txt"))
    }

    /// When every backup of case keys that was made until `at` is gone, if they are deleted on time.
    pub(crate) fn key_backups_gone(&self, at: Timestamp) -> Timestamp {
        let days = SignedDuration::from_hours(24 * self.key_backup_days);
        at.checked_add(days).unwrap_or(Timestamp::MAX)
    }

    /// Where the keys lie.
    pub(crate) fn keys_dir(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| self.data.join("keys"))
    }
}

/// How this machine reaches an address that it listens on.
fn local_url(listen: SocketAddr) -> String {
    match listen.ip() {
        ip if ip.is_unspecified() => format!("http://127.0.0.1:{}", listen.port()),
        _ => format!("http://{listen}"),
    }
}

fn wrong(origins: &Origins, key: &str, expected: &str) -> anyhow::Error {
    let (value, origin) = origins.get(key).cloned().unwrap_or_default();
    // A database URL may hold a password, so the value is not repeated.
    let value = if key == "database" { String::new() } else { format!(" \"{value}\"") };
    anyhow::anyhow!("setting {key}{value} (from {origin}): {expected}")
}

/// Every setting with the place it came from.
pub(crate) fn origins(file: Option<&Path>, flags: &[(&str, String)]) -> anyhow::Result<Origins> {
    let default_file = Path::new("heliograph.toml");
    let path = file.unwrap_or(default_file);
    let table: toml::Table = match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?,
        Err(_) if file.is_none() => toml::Table::new(),
        Err(error) => anyhow::bail!("cannot read {}: {error}", path.display()),
    };
    if let Some(unknown) = table.keys().find(|key| !KEYS.iter().any(|(known, ..)| known == key)) {
        anyhow::bail!(
            "{}: unknown setting \"{unknown}\"; `heliograph config` lists them all",
            path.display()
        );
    }
    let mut origins = Origins::new();
    for (key, default, _) in KEYS {
        let from_file = table.get(*key).map(|value| match value.as_str() {
            Some(text) => Ok((text.to_owned(), path.display().to_string())),
            None => Err(anyhow::anyhow!("{}: {key}: expected a text in quotes", path.display())),
        });
        let from_file = from_file.transpose()?;
        let variable = format!("HELIOGRAPH_{}", key.to_uppercase());
        let from_env = std::env::var(&variable).ok().map(|value| (value, variable));
        let from_flag = flags.iter().find(|(flag, _)| flag == key);
        let from_flag = from_flag.map(|(flag, value)| (value.clone(), format!("--{flag}")));
        let value = from_flag.or(from_env).or(from_file);
        origins.insert(key, value.unwrap_or_else(|| ((*default).to_owned(), "default".to_owned())));
    }
    Ok(origins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_and_say_so() {
        let origins = origins(None, &[("zone", "Europe/Berlin".into())]).unwrap();
        assert_eq!(origins["zone"], ("Europe/Berlin".into(), "--zone".into()));
        assert_eq!(origins["prefix"].1, "default");
    }

    #[test]
    fn a_centre_that_the_world_reaches_has_to_name_its_address() {
        let lacks = |flags: &[(&str, &str)]| {
            let flags: Vec<(&str, String)> = flags.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
            Settings::load(None, &flags).unwrap().lacks_base_url()
        };
        assert!(!lacks(&[]));
        assert!(lacks(&[("listen", "0.0.0.0:8080")]));
        assert!(lacks(&[("listen", "[::]:8080")]));
        assert!(!lacks(&[("listen", "0.0.0.0:8080"), ("base_url", "https://cvd.example.org")]));
    }

    #[test]
    fn a_wrong_setting_names_its_place_and_never_a_password() {
        let load = |key: &'static str, value: &str| {
            Settings::load(None, &[(key, value.to_owned())]).unwrap_err().to_string()
        };
        assert_eq!(
            load("zone", "Mars"),
            "setting zone \"Mars\" (from --zone): expected an IANA zone like Europe/Berlin"
        );
        assert_eq!(
            load("second_factor", "none"),
            "setting second_factor \"none\" (from --second_factor): expected centre or everyone; \
             roles at the centre never go without"
        );
        assert!(load("trusted_proxies", "nginx").starts_with("setting trusted_proxies \"nginx\""));
        assert!(load("proxy_header", "X-Real-IP").starts_with("setting proxy_header"));
        assert!(!load("database", "mysql://u:hunter2@h/d").contains("hunter2"));
    }
}
