//! Certificates: a row each, so that anyone can check one by its number.

use crate::ledger::Error;
use crate::partners::rules::{Certificate, Partner};
use crate::refusal::Refusal;
use storage::{Row, Tx, params};

/// Keeps the certificates of a partner.
pub(super) fn keep(tx: &mut Tx<'_>, id: &str, partner: &Partner) -> Result<(), Error> {
    for (serial, certificate) in &partner.certificates {
        let sql = "INSERT INTO partner_certificates (serial, partner, level, issued, until, revoked)
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (serial) DO UPDATE SET revoked = excluded.revoked";
        let (level, issued, until) = (&certificate.level, certificate.issued, certificate.until);
        tx.execute(sql, params![serial, id, level, issued, until, certificate.revoked])?;
    }
    Ok(())
}

const COLUMNS: &str = "c.serial, c.partner, o.name, p.programme, c.level, c.issued, c.until, c.revoked
    FROM partner_certificates c JOIN partners p ON p.id = c.partner JOIN organisations o ON o.id = p.organisation";

fn read(row: &Row) -> Result<Certificate, Refusal> {
    Ok(Certificate {
        serial: row.get(0)?,
        partner: row.get(1)?,
        organisation: row.get(2)?,
        programme: row.get(3)?,
        level: row.get(4)?,
        issued: row.get(5)?,
        until: row.get(6)?,
        revoked: row.get(7)?,
    })
}

/// A certificate by its number.
pub(in crate::partners) fn certificate(tx: &mut Tx<'_>, serial: &str) -> Result<Certificate, Refusal> {
    let sql = format!("SELECT {COLUMNS} WHERE c.serial = $1");
    let row = tx.query_opt(&sql, params![serial.trim().to_ascii_lowercase()])?;
    read(&row.ok_or(Refusal::NotFound)?)
}

/// The certificate of a partner that holds, if one does.
pub(in crate::partners) fn current(tx: &mut Tx<'_>, partner: &str) -> Result<Option<Certificate>, Refusal> {
    let sql =
        format!("SELECT {COLUMNS} WHERE c.partner = $1 AND c.revoked IS NULL ORDER BY c.issued DESC LIMIT 1");
    tx.query_opt(&sql, params![partner])?.as_ref().map(read).transpose()
}

/// The numbers of all that were revoked.
pub(in crate::partners) fn revoked(tx: &mut Tx<'_>) -> Result<Vec<String>, Refusal> {
    let rows = tx.query(
        "SELECT serial FROM partner_certificates WHERE revoked IS NOT NULL ORDER BY serial",
        params![],
    )?;
    rows.iter().map(|row| Ok(row.get(0)?)).collect()
}
