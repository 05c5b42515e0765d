//! Forms read into acts. They decide nothing.

use crate::refusal::Refusal;
use crate::vetting::rules::Act;
use crate::web::Fields;
use vocabulary::{CaseId, Instant};

fn instant(fields: &Fields, name: &'static str) -> Result<String, Refusal> {
    let needed = || Refusal::invalid(name, "Please give day, hour and zone.");
    Ok(spelt(&fields.instant(name)?.ok_or_else(needed)?))
}

/// As programs send it (RFC 9557): the instant, and the zone in which it was said.
fn spelt(instant: &Instant) -> String {
    match instant.at.in_tz(&instant.zone) {
        Ok(zoned) => zoned.to_string(),
        Err(_) => instant.at.to_string(),
    }
}

fn case(fields: &Fields) -> Result<CaseId, Refusal> {
    fields
        .text("case")
        .parse()
        .map_err(|error: vocabulary::BadId| Refusal::invalid("case", error.to_string()))
}

/// What a form asks for, by the last word of its address.
pub(super) fn act(act: &str, fields: &Fields) -> Result<Act, Refusal> {
    let scheme = || fields.required("scheme", 40);
    Ok(match act {
        "function" => Act::GiveFunction {
            function: fields.text("function").parse()?,
            confidential: fields.ticked("confidential"),
        },
        "end-function" => Act::EndFunction { function: fields.text("function").parse()? },
        "clearance" => {
            let (scheme, level) = crate::vetting::api::asked_level(fields.text("asks"))?;
            Act::RecordClearance {
                scheme,
                level,
                authority: fields.required("authority", 40)?,
                granted: instant(fields, "granted")?,
                until: instant(fields, "until")?,
            }
        }
        "confirm" => Act::ConfirmClearance { scheme: scheme()? },
        "reject" => Act::RejectClearance { scheme: scheme()? },
        "withdraw" => Act::WithdrawClearance { scheme: scheme()? },
        "brief" => Act::Brief { until: instant(fields, "until")? },
        "debrief" => Act::Debrief {},
        "confidentiality" => Act::ConfirmNda { until: instant(fields, "until")? },
        "review" => Act::SetReview { at: instant(fields, "at")? },
        "join" => Act::Join { case: case(fields)?, until: fields.instant("until")?.as_ref().map(spelt) },
        "leave" => Act::Leave { case: case(fields)? },
        "interest" => Act::DecideInterest { case: case(fields)?, outcome: fields.text("outcome").parse()? },
        "foreign-interest" => Act::DecideForeignInterest { outcome: fields.text("outcome").parse()? },
        "correction" => Act::AnswerCorrection {},
        "erase" => Act::Erase {},
        _ => return Err(Refusal::NotFound),
    })
}
