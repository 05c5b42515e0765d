//! Identifiers in any spelling: one canonical answer.

#![no_main]

use vocabulary::{AccountId, CaseId, DrillId, OrganisationId, PersonId, ReportId, typed_letters};

macro_rules! one_answer {
    ($text:ident: $($id:ty)*) => { $(
        if let Ok(id) = $text.parse::<$id>() {
            assert_eq!(id.as_str().parse::<$id>().as_ref(), Ok(&id), "{:?}", $text);
        }
    )* };
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    one_answer!(text: CaseId ReportId DrillId AccountId PersonId OrganisationId);
    let typed = typed_letters(text);
    assert_eq!(typed_letters(&typed), typed, "{text:?}");
});
