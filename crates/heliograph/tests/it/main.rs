//! Stories against the real program, run as an operator runs it: arguments in, lines and exit codes
//! out, and HTTP over a socket. With `HELIOGRAPH_TEST_POSTGRES`, on a database there.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on fails loudly")]

mod clients;
mod clocks;
mod command_line;
mod demo;
mod first_start;
mod import_and_query;
mod killed;
mod main_job;
mod own_profiles;
mod program;
mod programme;
mod restored;
mod secrecy;
mod sources;
mod wire;
