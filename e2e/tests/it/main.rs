//! Stories in a real browser, against the real program with its invented centre: type, click, look.
//!
//! They need `HELIOGRAPH_TEST_WEBDRIVER`, the address of a ChromeDriver, and
//! `HELIOGRAPH_TEST_PROGRAM`, the program; `cargo xtask test` brings both. Without them each story
//! says so and passes.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on fails loudly")]

mod browser;
mod case;
mod centre;
mod clocks;
mod desk;
mod keyboard;
mod look_up;
mod pages;
mod partners;
mod publish;
mod report;
mod vetting;
mod webdriver;
