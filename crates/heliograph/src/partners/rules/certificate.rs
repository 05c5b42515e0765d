//! The certificate of a partner: an Open Badges 3.0 credential as a signed token (VC-JWT). Pure.
//!
//! The credential says which organisation reached which level of which programme, until when, and where
//! it is checked. It names no person. Sources: 1EdTech Open Badges 3.0, sections 8.2 and B.1.7 (status);
//! RFC 7515 (JWS), RFC 8037 (EdDSA).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    pub(crate) serial: String,
    pub(crate) partner: String,
    pub(crate) organisation: String,
    pub(crate) programme: String,
    pub(crate) level: String,
    pub(crate) issued: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) revoked: Option<Timestamp>,
}

/// Whether a certificate holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Validity {
    Valid,
    /// Taken back, or replaced by a later one.
    Revoked,
    Expired,
}

impl Validity {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

impl Certificate {
    pub(crate) fn validity(&self, now: Timestamp) -> Validity {
        match self.revoked {
            Some(_) => Validity::Revoked,
            None if self.until <= now => Validity::Expired,
            None => Validity::Valid,
        }
    }
}

/// Where a centre issues: its address and name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Issuer<'a> {
    pub(crate) base: &'a str,
    pub(crate) name: &'a str,
}

impl Issuer<'_> {
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base.trim_end_matches('/'))
    }
}

/// Whole seconds, as the data model of credentials wants a date.
fn date(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// The credential.
pub(crate) fn credential(certificate: &Certificate, issuer: Issuer<'_>) -> Value {
    let programme = issuer.at(&format!("/programmes/{}", certificate.programme));
    let name = format!("{} of the programme {}", certificate.level, certificate.programme);
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": issuer.at(&format!("/certificates/{}", certificate.serial)),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
        "issuer": {
            "id": issuer.at("/certificates/key"),
            "type": ["Profile"],
            "name": issuer.name,
            "url": issuer.at("/"),
        },
        "validFrom": date(certificate.issued),
        "validUntil": date(certificate.until),
        "credentialSubject": {
            "id": issuer.at(&format!("/partners#{}", certificate.partner)),
            "type": ["AchievementSubject"],
            "achievement": {
                "id": format!("{programme}#{}", certificate.level),
                "type": ["Achievement"],
                "name": name,
                "description": "A technical support unit of the centre. The level says nothing of what it may read.",
                "criteria": { "id": programme, "narrative": "The criteria of the programme, as published at this address." },
            },
        },
        "credentialStatus": {
            "id": issuer.at("/certificates/revoked.json"),
            "type": "1EdTechRevocationList",
        },
    })
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The credential as a signed token.
pub(crate) fn token(certificate: &Certificate, issuer: Issuer<'_>, seed: &[u8; 32]) -> String {
    let mut payload = credential(certificate, issuer);
    for (claim, value) in [
        ("iss", payload["issuer"]["id"].clone()),
        ("jti", payload["id"].clone()),
        ("sub", payload["credentialSubject"]["id"].clone()),
        ("nbf", json!(certificate.issued.as_second())),
        ("exp", json!(certificate.until.as_second())),
    ] {
        payload[claim] = value;
    }
    let header = json!({ "alg": "EdDSA", "kid": issuer.at("/certificates/key"), "typ": "JWT" });
    let signed = format!("{}.{}", part(&header), part(&payload));
    let signature = SigningKey::from_bytes(seed).sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// The key that tokens are verified with, as a JWK (RFC 8037).
pub(crate) fn public_key(issuer: Issuer<'_>, seed: &[u8; 32]) -> Value {
    let key = SigningKey::from_bytes(seed).verifying_key();
    json!({
        "kty": "OKP",
        "crv": "Ed25519",
        "x": URL_SAFE_NO_PAD.encode(key.as_bytes()),
        "alg": "EdDSA",
        "use": "sig",
        "kid": issuer.at("/certificates/key"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signature, VerifyingKey};

    fn certificate() -> Certificate {
        Certificate {
            serial: "7q2k9mzr4w8c1h5x".into(),
            partner: "HEL-P-2026-000001".into(),
            organisation: "Zephyr Labs".into(),
            programme: "tsu-defensive".into(),
            level: "L2".into(),
            issued: "2026-11-24T10:00:00.5Z".parse().unwrap(),
            until: "2027-11-24T10:00:00Z".parse().unwrap(),
            revoked: None,
        }
    }

    const ISSUER: Issuer<'static> = Issuer { base: "https://centre.example/", name: "The centre" };

    /// Whether a token was signed with the key that a JWK gives.
    fn verifies(token: &str, jwk: &Value) -> bool {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let key: [u8; 32] = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap().try_into().unwrap();
        let signature: [u8; 64] = URL_SAFE_NO_PAD.decode(signature).unwrap().try_into().unwrap();
        let key = VerifyingKey::from_bytes(&key).unwrap();
        key.verify_strict(signed.as_bytes(), &Signature::from_bytes(&signature)).is_ok()
    }

    #[test]
    fn a_token_verifies_with_the_published_key_and_with_no_other() {
        let token = token(&certificate(), ISSUER, &[7; 32]);
        assert!(verifies(&token, &public_key(ISSUER, &[7; 32])));
        assert!(!verifies(&token, &public_key(ISSUER, &[8; 32])));
        let better = Certificate { level: "L1".into(), ..certificate() };
        let other = super::token(&better, ISSUER, &[7; 32]);
        let (signed, _) = other.rsplit_once('.').unwrap();
        let forged = format!("{signed}.{}", token.rsplit_once('.').unwrap().1);
        assert!(!verifies(&forged, &public_key(ISSUER, &[7; 32])));
    }

    /// Open Badges 3.0, section B.1: what a credential must have.
    #[test]
    fn a_credential_has_what_open_badges_asks_for() {
        let credential = credential(&certificate(), ISSUER);
        assert_eq!(credential["id"], "https://centre.example/certificates/7q2k9mzr4w8c1h5x");
        assert_eq!(credential["type"], json!(["VerifiableCredential", "OpenBadgeCredential"]));
        assert_eq!(credential["validFrom"], "2026-11-24T10:00:00Z");
        assert_eq!(credential["validUntil"], "2027-11-24T10:00:00Z");
        assert_eq!(credential["credentialStatus"]["type"], "1EdTechRevocationList");
        for place in [
            "/issuer/id",
            "/issuer/name",
            "/credentialSubject/id",
            "/credentialSubject/achievement/criteria/id",
            "/credentialSubject/achievement/description",
            "/credentialSubject/achievement/name",
        ] {
            assert!(
                credential.pointer(place).is_some_and(|value| !value.as_str().unwrap().is_empty()),
                "{place}"
            );
        }
    }

    #[test]
    fn a_certificate_is_valid_until_its_end_or_its_revocation() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (before, after) = (at("2027-11-24T09:59:59Z"), at("2027-11-24T10:00:00Z"));
        assert_eq!(certificate().validity(before), Validity::Valid);
        assert_eq!(certificate().validity(after), Validity::Expired);
        let revoked = Certificate { revoked: Some(before), ..certificate() };
        assert_eq!(revoked.validity(before), Validity::Revoked);
    }
}
