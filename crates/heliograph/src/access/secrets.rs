//! Passwords, one-time codes and random secrets.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A random secret that is handed out once and stored as a hash: sessions, invitations, tokens.
pub(crate) struct Secret([u8; 32]);

impl Secret {
    pub(crate) fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// What the holder keeps.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads what a holder shows; anything of another shape is no secret of ours.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.get(..43)?).ok()?;
        (text.len() == 43).then_some(Self(bytes.try_into().ok()?))
    }

    /// What we keep. 256 bits of chance need no slow hash.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"heliograph/secret/v1\n").chain_update(self.0).finalize().into()
    }

    /// A key for what only the holder may open: a draft.
    pub(crate) fn key(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"heliograph/secret-key/v1\n").chain_update(self.0).finalize().into()
    }
}

/// What a guess costs: KiB of memory, and passes over it.
type Cost = (u32, u32);

/// The second recommendation of RFC 9106 scaled to OWASP's floor: 19 MiB, 2 passes.
const COST: Cost = (19 * 1024, 2);

/// The passwords of a test's people keep nobody out, and would take a part of every test.
#[cfg(test)]
const PAID: Cost = (Params::MIN_M_COST, 1);
#[cfg(not(test))]
const PAID: Cost = COST;

fn argon((memory, passes): Cost) -> Argon2<'static> {
    let params = Params::new(memory, passes, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password; slow on purpose, so never on an async worker.
pub(super) fn hash_password(password: &str, salt: [u8; 16]) -> Option<String> {
    hashed(password, salt, PAID)
}

fn hashed(password: &str, salt: [u8; 16], cost: Cost) -> Option<String> {
    let hash: PasswordHash = argon(cost).hash_password_with_salt(password.as_bytes(), &salt).ok()?;
    Some(hash.to_string())
}

/// Whether the password is the one that was hashed. What that cost stands in the hash.
pub(super) fn verify_password(password: &str, hash: &str) -> bool {
    let parsed = PasswordHash::new(hash);
    parsed.is_ok_and(|hash| argon(COST).verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
/// The one-time code of a secret at a time (RFC 6238: SHA-1, 30 s, six digits).
pub(crate) fn totp_code(secret: &[u8], unix: u64) -> Option<String> {
    Some(totp(secret)?.generate(unix).to_string())
}

/// The code of the present step or, if that was used, of the next one, which is taken already; with
/// its step. Real people have a device for this; invented ones ask here.
pub(crate) fn next_code(secret: &[u8], last_step: i64, unix: u64) -> Option<(i64, String)> {
    let present = (unix / 30).cast_signed();
    let step = present.max(last_step + 1);
    let code = totp(secret)?.generate(step.unsigned_abs() * 30).to_string();
    (step <= present + 1).then_some((step, code))
}

/// Checks a one-time code, one step of skew either way, and returns the step that it belongs to:
/// a step must not be used twice.
pub(super) fn totp_step(secret: &[u8], code: &str, unix: u64) -> Option<i64> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let totp = totp(secret)?;
    [unix, unix.saturating_sub(30), unix + 30]
        .into_iter()
        .find(|at| totp.generate(*at).to_string() == digits)
        .map(|at| (at / 30).cast_signed())
}

fn totp(secret: &[u8]) -> Option<totp_rs::Totp> {
    totp_rs::Builder::new().with_secret(secret.to_vec()).build().ok()
}

/// A recovery code as it is printed: 80 bits, four groups of four.
pub(super) fn recovery_code(bytes: &[u8; 10]) -> String {
    let all = vocabulary::letters(bytes);
    let groups: Vec<&str> = (0..4).filter_map(|i| all.get(i * 4..i * 4 + 4)).collect();
    groups.join("-")
}

/// The hash under which a recovery code is known; `None` for what cannot be one.
pub(super) fn recovery_hash(typed: &str) -> Option<[u8; 32]> {
    let letters = vocabulary::typed_letters(typed);
    let hash = Sha256::new().chain_update(b"heliograph/recovery/v1\n").chain_update(&letters);
    (letters.len() == 16).then(|| hash.finalize().into())
}

/// Base 32 (RFC 4648) as authenticator programs read it.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1)).collect();
    let letter = |five: &[u8]| {
        let value = five.iter().chain(std::iter::repeat(&0)).take(5).fold(0, |value, bit| value << 1 | bit);
        char::from(alphabet[usize::from(value)])
    };
    bits.chunks(5).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_round_trips_and_its_hash_is_not_its_text() {
        let secret = Secret::new([7; 32]);
        let again = Secret::parse(&secret.text()).unwrap();
        assert_eq!(again.hash(), secret.hash());
        assert_ne!(secret.key(), secret.hash());
        for bad in ["", "short", &"é".repeat(43), &format!("{}x", secret.text())] {
            assert!(Secret::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_hashed_with_argon2id() {
        let hash = hashed("correct horse battery", [1; 16], COST).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_password("correct horse battery", &hash));
        assert!(!verify_password("correct horse batterz", &hash));
        assert!(!verify_password("anything", "not a hash"));
    }

    /// RFC 6238 appendix B, SHA-1, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = b"12345678901234567890";
        for (unix, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp_code(secret, unix).unwrap(), code);
            assert_eq!(totp_step(secret, code, unix), Some((unix / 30).cast_signed()));
        }
        assert!(totp_step(secret, "287082", 59 + 300).is_none());
    }

    #[test]
    fn a_recovery_code_has_80_bits_and_forgives_its_typist() {
        let printed = recovery_code(&[0xa5; 10]);
        assert_eq!(printed.len(), 19);
        assert_eq!(recovery_hash(&printed.to_uppercase().replace('-', " ")), recovery_hash(&printed));
        assert_eq!(
            recovery_hash(&recovery_code(&[0; 10]).replace('0', "O")),
            recovery_hash("0".repeat(16).as_str())
        );
        for bad in ["", "123456", "1234 5678 9012 345", "日本語"] {
            assert_eq!(recovery_hash(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_next_code_is_one_that_is_taken() {
        let (secret, unix) = (b"12345678901234567890", 1_111_111_109);
        let (step, code) = next_code(secret, 0, unix).unwrap();
        assert_eq!(totp_step(secret, &code, unix), Some(step));
        let (after, code) = next_code(secret, step, unix).unwrap();
        assert_eq!((totp_step(secret, &code, unix), after), (Some(after), step + 1));
        assert_eq!(next_code(secret, after, unix), None);
    }

    /// RFC 4648 section 10, without padding.
    #[test]
    fn base32_is_that_of_rfc_4648() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(base32(b"f"), "MY");
    }
}
