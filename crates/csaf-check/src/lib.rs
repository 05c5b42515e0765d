//! CSAF 2.0 validation by csaf-rs, alone in its room because it is heavy to build.
