//! Reports, from the form to the answer. Every test also checks at its end that no text of a report
//! stands in a table or a log line (`testing::watch`).

mod following;
mod hostile;
mod programs;
mod receipts;
mod sending;
mod triage;
