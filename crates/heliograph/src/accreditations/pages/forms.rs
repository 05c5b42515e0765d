//! Forms read into what is registered and done. They decide nothing.

use crate::accreditations::rules::{Act, Holder, Looked, NewAccreditation, TEXT_MAX, Told, WORDS_MAX};
use crate::accreditations::store::Files;
use crate::refusal::Refusal;
use crate::web::Fields;
use jiff::Timestamp;

/// What a form registers for this holder.
pub(super) fn new(fields: &Fields, holder: Holder) -> Result<NewAccreditation, Refusal> {
    let time = |name: &'static str| -> Result<Timestamp, Refusal> {
        let given = fields.instant(name)?;
        given.map(|given| given.at).ok_or_else(|| Refusal::invalid(name, "Day, hour and zone, please."))
    };
    Ok(NewAccreditation {
        holder,
        scheme: fields.required("scheme", 100)?,
        level: fields.limited("level", 100)?,
        scopes: fields.all("scopes").to_vec(),
        told: Told {
            issuer: fields.required("issuer", TEXT_MAX)?,
            number: fields.required("number", TEXT_MAX)?,
        },
        from: time("from")?,
        until: time("until")?,
        publish: fields.ticked("publish"),
    })
}

pub(super) fn files(fields: &mut Fields) -> Files {
    std::mem::take(&mut fields.uploads).into_iter().map(|file| (file.name, file.bytes)).collect()
}

/// What a form does, by the last word of its address.
pub(super) fn act(act: &str, fields: &Fields) -> Result<Act, Refusal> {
    Ok(match act {
        "check" => {
            let known = Looked::ALL.iter().find(|(_, name, _)| *name == fields.text("found"));
            let found = known.map(|(found, ..)| *found);
            let found = found.ok_or_else(|| Refusal::invalid("found", "Choose what you found."))?;
            Act::Check { found, place: fields.required("place", WORDS_MAX)? }
        }
        "withdraw" => Act::Withdraw { reasons: fields.required("reasons", WORDS_MAX)? },
        _ => return Err(Refusal::NotFound),
    })
}
