//! `heliograph token`: API tokens from the command line, also while the server runs.

use super::{Flags, open};
use crate::access::{self, NewToken, Token};
use crate::app::App;
use crate::ledger::Actor;
use crate::settings::Settings;
use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

#[derive(Args)]
pub(crate) struct TokenArgs {
    #[command(flatten)]
    flags: Flags,
    /// JSON instead of text
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token for an account and print its secret, this once.
    ///
    /// That it was made this way stands in the journal: whoever makes a token for somebody could use it.
    #[command(after_help = "Example: heliograph token create prometheus --name metrics --scope read-metrics")]
    Create {
        /// The login of the person for whom the program acts
        login: String,
        /// What it is for
        #[arg(long)]
        name: String,
        /// What it may do, of what its person may; may be given several times
        #[arg(long = "scope", required = true)]
        scopes: Vec<String>,
        /// Days until it ends, 365 at most
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// List the tokens of everybody, or of one account; no secret is among it
    #[command(after_help = "Example: heliograph token list m.keller")]
    List {
        /// Only those of this login
        login: Option<String>,
    },
    /// End a token, by its id in the list
    #[command(after_help = "Example: heliograph token revoke 7h0a1b2c3d4e5f6g")]
    Revoke { id: String },
}

pub(super) fn run(config: Option<&Path>, args: TokenArgs) -> anyhow::Result<ExitCode> {
    let app = open(Settings::load(config, &args.flags.pairs())?)?;
    act(&app, args.command, args.json, &mut std::io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

fn act(app: &App, command: TokenCommand, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        TokenCommand::Create { login, name, scopes, days } => {
            let (id, secret) = create(app, &login, NewToken { name, scopes, days })?;
            match json {
                true => writeln!(out, "{}", json!({ "id": id, "secret": secret }))?,
                false => writeln!(out, "{secret}")?,
            }
        }
        TokenCommand::List { login } => {
            let mut tokens = app.ledger.db().read(access::all_tokens)?;
            tokens.retain(|token| login.as_ref().is_none_or(|login| token.login == login.to_lowercase()));
            tokens.iter().try_for_each(|token| list(token, json, out))?;
        }
        TokenCommand::Revoke { id } => {
            let wanted = id.clone();
            let done = app.ledger.submit_blocking(move |w| access::revoke_token(w, &Actor::System, &wanted));
            done.with_context(|| format!("there is no token {id}; `heliograph token list` has them all"))?;
        }
    }
    Ok(())
}

fn create(app: &App, login: &str, new: NewToken) -> anyhow::Result<(String, String)> {
    let (policies, login) = (app.policies.clone(), login.to_owned());
    let made = app.ledger.submit_blocking(move |w| {
        let owner = access::viewer_of(w.tx(), &login)?;
        access::make_token(w, &Actor::System, &policies, &owner, &new)
    });
    let (id, secret) = made?;
    Ok((id, secret.text()))
}

fn list(token: &Token, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    if json {
        return Ok(writeln!(out, "{}", serde_json::to_string(token)?)?);
    }
    let Token { id, login, name, scopes, expires } = token;
    Ok(writeln!(out, "{id:18} {login:30} {expires:20} {} - {name}", scopes.join(","))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;
    use crate::testing::TestApp;
    use serde_json::Value;

    fn said(app: &TestApp, command: TokenCommand, json: bool) -> anyhow::Result<String> {
        let mut out = Vec::new();
        act(&app.app, command, json, &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    fn wish(login: &str, scopes: &[&str], days: u32) -> TokenCommand {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        TokenCommand::Create { login: login.to_owned(), name: "metrics".into(), scopes, days }
    }

    #[test]
    fn a_token_is_made_listed_and_revoked_and_the_journal_says_who_did_it() {
        let app = TestApp::new();
        let login = app.login(&[Role::Coordinator], None);
        let before = app.size();
        let secret = said(&app, wish(&login.to_uppercase(), &["view-desk"], 30), false).unwrap();
        assert_eq!(app.kinds_since(before), ["account.token_made"]);
        let program = app.anonymous().bearer(secret.trim());
        assert_eq!((program.get("/desk").status(), program.get("/organisations").status()), (200, 404));

        let listed = said(&app, TokenCommand::List { login: Some(login.clone()) }, true).unwrap();
        let token: Value = serde_json::from_str(listed.trim()).unwrap();
        assert_eq!(
            (&token["login"], &token["scopes"]),
            (&Value::from(login), &serde_json::json!(["view-desk"]))
        );
        assert!(!listed.contains(secret.trim()), "a list shows a secret");
        assert_eq!(said(&app, TokenCommand::List { login: Some("nobody".into()) }, false).unwrap(), "");

        let id = token["id"].as_str().unwrap().to_owned();
        assert_eq!(said(&app, TokenCommand::Revoke { id: id.clone() }, false).unwrap(), "");
        assert_eq!(app.kinds_since(before + 1), ["account.token_revoked"]);
        assert_eq!(program.get("/desk").status(), 303, "to sign in");
        let again = said(&app, TokenCommand::Revoke { id }, false).unwrap_err().to_string();
        assert!(again.starts_with("there is no token"), "{again}");
    }

    /// A token is worth what its person may do, and no more.
    #[test]
    fn a_token_that_cannot_be_is_refused_by_name() {
        let app = TestApp::new();
        let login = app.login(&[Role::Auditor], None);
        for (command, expected) in [
            (wish("nobody", &["view-desk"], 30), "There is no account with this login."),
            (wish(&login, &["view-desk"], 30), "Its person cannot do \"view-desk\""),
            (wish(&login, &["everything"], 30), "no permission \"everything\""),
            (wish(&login, &["audit-reads"], 366), "Between 1 and 365 days."),
            (wish(&login, &["second-factor"], 30), "Its person cannot do"),
        ] {
            let refusal = said(&app, command, false).unwrap_err().to_string();
            assert!(refusal.starts_with(expected), "{refusal}");
        }
    }
}
