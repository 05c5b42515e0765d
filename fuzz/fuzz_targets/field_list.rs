//! An authority's form as data: refused with a reason, or able to make the form of any duty.

#![no_main]

use clocks::Profiles;
use clocks::filing::{FieldTable, Form, Values, check, copy_forward};
use std::sync::LazyLock;

static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::shipped);

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(table) = FieldTable::parse(text) else { return };
    for duty in PROFILES.all().iter().flat_map(|profile| &profile.duties) {
        let form = Form::of(duty, Some(&table));
        let values: Values = form.fields.iter().map(|field| (field.name.clone(), text.to_owned())).collect();
        let _ = (check(&form, &values), copy_forward(&form, &[&values]));
    }
});
