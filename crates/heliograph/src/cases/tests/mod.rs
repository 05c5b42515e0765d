//! What people see of a case, and of the desk.

mod crowded;
mod desk;
mod forms;
