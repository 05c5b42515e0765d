//! `heliograph user`: accounts from the command line, also while the server runs.

use super::{Flags, open};
use crate::access::{self, Credential, NewAccount, Role};
use crate::app::App;
use crate::ledger::{Actor, Writer};
use crate::people;
use crate::refusal::Refusal;
use crate::settings::Settings;
use clap::{Args, Subcommand};
use std::path::Path;
use std::process::ExitCode;

#[derive(Args)]
pub(crate) struct UserArgs {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Make an account and print the link with which its person begins.
    Add {
        /// What the person signs in as.
        login: String,
        /// A role; may be given several times.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// The organisation of a vendor's account, by name; made if it does not exist.
        #[arg(long)]
        organisation: Option<String>,
        /// Another account of the same person, by its login.
        #[arg(long, value_name = "LOGIN")]
        same_person_as: Option<String>,
    },
    /// Print a new link for an account whose person lost the password.
    Link { login: String },
    /// Take the second factor from somebody who lost it and every recovery code.
    ResetFactor { login: String },
    /// List the accounts.
    List,
}

pub(super) fn run(config: Option<&Path>, args: UserArgs) -> anyhow::Result<ExitCode> {
    let app = open(Settings::load(config, &args.flags.pairs())?)?;
    match args.command {
        UserCommand::Add { login, roles, organisation, same_person_as } => {
            let link = add(&app, &login, &roles, organisation.as_deref(), same_person_as.as_deref())?;
            println!("{link}");
        }
        UserCommand::Link { login } => println!("{}", link(&app, &login)?),
        UserCommand::ResetFactor { login } => {
            reset_factor(&app, &login)?;
            println!("{login} signs in with the password, then sets up a new second factor.");
        }
        UserCommand::List => {
            for account in app.ledger.db().read(access::credentials)? {
                let roles: Vec<&str> = account.roles.iter().map(|role| role.name()).collect();
                let state = if account.active { "active" } else { "not begun or disabled" };
                println!("{:30} {:40} {state}", account.login, roles.join(","));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes an account; returns the link for its person.
pub(super) fn add(
    app: &App,
    login: &str,
    roles: &[String],
    organisation: Option<&str>,
    same_person_as: Option<&str>,
) -> anyhow::Result<String> {
    let roles: Vec<Role> = roles.iter().map(|role| role.parse()).collect::<Result<_, Refusal>>()?;
    let (login, wanted) = (login.to_owned(), organisation.map(str::to_owned));
    let known = same_person_as.map(str::to_lowercase);
    let secret = app.ledger.submit_blocking(move |w| {
        let organisation = match wanted {
            None => None,
            Some(name) => {
                let known = people::organisations(w.tx())?.into_iter().find(|found| found.name == name);
                Some(match known {
                    Some(found) => found.id,
                    None => people::add(w, &Actor::System, &name, people::Mandate::Defensive)?,
                })
            }
        };
        let person = known.map(|known| Ok::<_, Refusal>(by_login(w, &known)?.person)).transpose()?;
        let new = NewAccount { login, roles, organisation, person };
        let (_, secret) = access::add_account(w, &Actor::System, new)?;
        Ok::<_, Refusal>(secret.text())
    })?;
    Ok(format!("{}/invite/{secret}", app.settings.base_url))
}

fn link(app: &App, login: &str) -> anyhow::Result<String> {
    let wanted = login.to_lowercase();
    let secret = app.ledger.submit_blocking(move |w| {
        let account = by_login(w, &wanted)?.account;
        Ok::<_, Refusal>(access::invite(w, &Actor::System, &account)?.text())
    })?;
    Ok(format!("{}/invite/{secret}", app.settings.base_url))
}

fn reset_factor(app: &App, login: &str) -> anyhow::Result<()> {
    let wanted = login.to_lowercase();
    app.ledger.submit_blocking(move |w| {
        let account = by_login(w, &wanted)?.account;
        access::reset_factor(w, &Actor::System, &account)
    })?;
    Ok(())
}

fn by_login(w: &mut Writer<'_, '_>, login: &str) -> Result<Credential, Refusal> {
    let found = access::credentials(w.tx())?.into_iter().find(|found| found.login == login);
    found.ok_or_else(|| Refusal::conflict(format!("There is no account with the login {login}.")))
}
