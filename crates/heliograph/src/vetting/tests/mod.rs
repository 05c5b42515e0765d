//! Need-to-know through the whole program.

mod access;
mod declarations;
mod hostile;
mod register;
mod reminders;
mod unseen;
