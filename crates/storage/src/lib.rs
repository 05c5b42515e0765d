//! Database, transaction, dialect and migrations: the only room that names a database driver.
