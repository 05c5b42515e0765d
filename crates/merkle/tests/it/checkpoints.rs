//! Checkpoints, keys and cosignatures: what opens, and everything that must not.

use merkle::{Checkpoint, Cosignature, Error, Hash, SigningKey, VerifierKey, attach, cosignatures, open};

use crate::store::{ORIGIN, flip, log, log_key, witness};

fn checkpoint() -> Checkpoint {
    Checkpoint::new(ORIGIN, 5, Hash([3; 32])).unwrap()
}

fn note() -> String {
    log().sign(&checkpoint()).unwrap()
}

#[test]
fn signed_and_opened() {
    let plain = checkpoint();
    assert_eq!(plain.text(), format!("{ORIGIN}\n5\n{}\n", Hash([3; 32])));
    assert_eq!(open(&note(), &log_key()), Ok(plain.clone()));
    let extended = plain.with_extension("epoch 2").unwrap().with_extension("more").unwrap();
    let opened = open(&log().sign(&extended).unwrap(), &log_key()).unwrap();
    assert_eq!(opened.extensions(), ["epoch 2", "more"]);
    assert_eq!(opened, extended);
    assert_eq!((opened.origin(), opened.size(), opened.root()), (ORIGIN, 5, Hash([3; 32])));
}

#[test]
fn another_key_or_another_log() {
    let stranger = SigningKey::from_seed(ORIGIN, [8; 32]).unwrap().verifier();
    let refused = open(&note(), &stranger).unwrap_err();
    assert_eq!(refused, Error::NotSigned { name: ORIGIN.into(), id: stranger.id() });

    // The log's own key, but over another log's text.
    let other = Checkpoint::new("other.example", 5, Hash([3; 32])).unwrap();
    let wrong = Error::WrongOrigin { want: ORIGIN.into(), got: "other.example".into() };
    assert_eq!(log().sign(&other), Err(wrong.clone()));
    let forged = signed_text(&other.text());
    assert_eq!(open(&forged, &log_key()), Err(wrong));

    // A witness's key opens nothing, and a log's key vouches for nothing.
    assert!(matches!(open(&note(), &log().witness()), Err(Error::WrongKind { .. })));
    assert!(matches!(cosignatures(&note(), &[log_key()]), Err(Error::WrongKind { .. })));
    assert!(matches!(attach(&note(), "", &[log_key()]), Err(Error::WrongKind { .. })));
}

/// Signs any text with the log's key, by way of the other implementation.
fn signed_text(text: &str) -> String {
    let signer = signed_note::StandardSigner::new(&log().to_secret_text()).unwrap();
    let mut note = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
    note.add_sigs(&[&signer]).unwrap();
    String::from_utf8(note.to_bytes()).unwrap()
}

#[test]
fn no_character_can_be_changed() {
    let note = note();
    let key = log_key();
    for (at, old) in note.char_indices() {
        for new in ['A', '1', '\n'] {
            let altered = format!("{}{new}{}", &note[..at], &note[at + old.len_utf8()..]);
            assert!(altered == note || open(&altered, &key).is_err(), "{new:?} at {at}");
        }
        let shorter = format!("{}{}", &note[..at], &note[at + old.len_utf8()..]);
        assert!(open(&shorter, &key).is_err(), "without {old:?} at {at}");
        assert!(open(&note[..at], &key).is_err(), "cut at {at}");
    }
}

#[test]
fn words_for_what_is_malformed() {
    let note = note();
    let why = |text: &str| open(text, &log_key()).unwrap_err().to_string();
    let cases = [
        (note.trim_end().to_owned(), "line 5: the last line does not end in a newline"),
        (format!("{note}junk"), "line 6: the last line does not end in a newline"),
        (format!("{note}junk\n"), "line 6: a signature is a dash (U+2014), a name and base64"),
        (format!("{note}\n"), "line 6: no signature follows the text"),
        (checkpoint().text(), "line 3: no blank line parts the text from the signatures"),
        (note.replace('\n', "\r\n"), "line 1: the line ends as on Windows"),
        (note.replacen("\n5\n", "\n5\t\n", 1), "line 2: there is a control character in it"),
        (String::new(), "line 1: no blank line"),
        ("x".repeat(1_000_001), "line 1: the whole is longer than a million bytes"),
        (
            format!("{note}{}", note.lines().last().map(|line| format!("{line}\n").repeat(100)).unwrap()),
            "line 105: there are more than 100 signatures",
        ),
    ];
    for (text, want) in cases {
        let got = why(&text);
        assert!(got.contains(want), "got {got:?}, want {want:?}");
    }
}

/// Rightly signed, and still no checkpoint.
#[test]
fn bodies_that_are_no_checkpoint() {
    let root = Hash([3; 32]);
    let bodies = [
        (format!("{ORIGIN}\n"), 2),
        (format!("{ORIGIN}\n5\n"), 3),
        (format!("\n5\n{root}\n"), 1),
        (format!("{ORIGIN}\n05\n{root}\n"), 2),
        (format!("{ORIGIN}\n+5\n{root}\n"), 2),
        (format!("{ORIGIN}\n-5\n{root}\n"), 2),
        (format!("{ORIGIN}\n5 \n{root}\n"), 2),
        (format!("{ORIGIN}\n18446744073709551616\n{root}\n"), 2),
        (format!("{ORIGIN}\n5\n{root} \n"), 3),
        (format!("{ORIGIN}\n5\nAAAA\n"), 3),
        (format!("{ORIGIN}\n5\n{root}\n\nmore\n"), 4),
        (format!("{ORIGIN}\n5\n{root}\nmore\n\n"), 5),
    ];
    for (body, line) in bodies {
        let error = open(&signed_text(&body), &log_key()).unwrap_err();
        assert!(matches!(error, Error::Checkpoint { line: at, .. } if at == line), "{body:?}: {error}");
    }
    let large = format!("{ORIGIN}\n{}\n{root}\n", u64::MAX);
    assert_eq!(open(&signed_text(&large), &log_key()), Err(Error::TooLarge { size: u64::MAX }));
    for wrong in ["", "two\nlines", "tab\t"] {
        assert!(Checkpoint::new(wrong, 0, root).is_err());
        assert!(checkpoint().with_extension(wrong).is_err());
    }
}

#[test]
fn witnesses() {
    let second = SigningKey::from_seed("witness.example/w2", [10; 32]).unwrap();
    let known = [witness().witness(), second.witness()];
    assert_eq!(cosignatures(&note(), &known), Ok(vec![]));

    let lines = witness().cosign(&checkpoint(), 1_790_000_000).unwrap()
        + &second.cosign(&checkpoint(), 1_790_000_007).unwrap();
    let seen = attach(&note(), &lines, &known).unwrap();
    assert_eq!(open(&seen, &log_key()), Ok(checkpoint()));
    let word = |witness: &str, at| Cosignature { witness: witness.into(), at };
    let both = [word("witness.example/w1", 1_790_000_000), word("witness.example/w2", 1_790_000_007)];
    assert_eq!(cosignatures(&seen, &known).unwrap(), both);
    // A witness counts once, however often it is listed or repeated.
    let repeated = format!("{seen}{lines}");
    let listed = [known.as_slice(), &known].concat();
    assert_eq!(cosignatures(&repeated, &listed).unwrap(), both);
    // Attaching again replaces; strangers are left out.
    let later = witness().cosign(&checkpoint(), 1_790_000_100).unwrap();
    let again =
        attach(&seen, &format!("{later}{}", second.cosign(&checkpoint(), 1).unwrap()), &known[..1]).unwrap();
    assert_eq!(cosignatures(&again, &known).unwrap()[0].at, 1_790_000_100);
    assert_eq!(cosignatures(&again, &known).unwrap()[1].at, 1_790_000_007);
    assert_eq!(again.lines().count(), seen.lines().count());
    assert_eq!(attach(&seen, "", &known).unwrap(), seen);
}

#[test]
fn witnesses_that_lie() {
    let key = witness().witness();
    let other = Checkpoint::new(ORIGIN, 5, flip(&Hash([3; 32]), 0)).unwrap();
    let elsewhere = witness().cosign(&other, 1_790_000_000).unwrap();
    let bad = Error::BadSignature { name: key.name().into(), id: key.id() };
    assert_eq!(attach(&note(), &elsewhere, std::slice::from_ref(&key)), Err(bad.clone()));
    assert_eq!(cosignatures(&format!("{}{elsewhere}", note()), std::slice::from_ref(&key)), Err(bad));

    // The time is part of what is signed. It stands in bytes 4 to 12 of 76: letters 5 to 16 of the base64.
    let line = witness().cosign(&checkpoint(), 1_790_000_000).unwrap();
    let at = line.rfind(' ').unwrap() + 1 + 10;
    for letter in ['A', 'B', 'g'] {
        let altered = format!("{}{letter}{}", &line[..at], &line[at + 1..]);
        let result = attach(&note(), &altered, std::slice::from_ref(&key));
        assert!(altered == line || matches!(result, Err(Error::BadSignature { .. })));
    }
    assert!(attach(&note(), line.trim_end(), std::slice::from_ref(&key)).is_err());
    let end = i64::MAX as u64;
    assert!(witness().cosign(&checkpoint(), end).is_ok());
    assert_eq!(witness().cosign(&checkpoint(), end + 1), Err(Error::Time { seconds: end + 1 }));
}

/// The key pair that Go's own tests of signed notes use.
#[test]
fn keys_known_elsewhere() {
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let key = SigningKey::from_secret_text(secret).unwrap();
    assert_eq!(key.to_secret_text(), secret);
    assert_eq!(key.verifier().to_string(), public);
    assert_eq!(public.parse(), Ok(key.verifier()));
    assert_eq!((key.origin(), key.verifier().id()), ("PeterNeumann", 0xc74f_20a3));
}

/// Printed by a separate implementation in another language.
#[test]
fn keys_of_a_seed() {
    let text = "log.example/heliograph+6f4de8cb+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    assert_eq!(log_key().to_string(), text);
    let text = "PRIVATE+KEY+log.example/heliograph+6f4de8cb+AQcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
    assert_eq!(log().to_secret_text(), text);
    let text = "witness.example/w1+24b5d9fe+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";
    assert_eq!(witness().witness().to_string(), text);
    assert_eq!(text.parse(), Ok(witness().witness()));
    assert!(witness().witness().is_witness() && !log_key().is_witness());
}

#[test]
fn keys_that_are_refused() {
    let good = log_key().to_string();
    let secret = log().to_secret_text();
    let weak = "x+00000000+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let publics = [
        "",
        "+",
        "++",
        "x",
        "x+y",
        "x+00000000+",
        "x+00000000+AQ==",
        weak,
        &secret,
        &good[..good.len() - 1],
        &good.replace("log.", "lag."),
        &good.replace("6f4d", "6f4e"),
        &good.replace("+A", "+B"),
        &good.replace("6f4de8cb", "+f4de8cb"),
        &good.replace("6f4de8cb", "6f4de8cb0"),
        &good.replace("log.", "l g."),
        &format!("{good}\n"),
        &format!("{good}+x"),
    ];
    for text in publics {
        assert!(matches!(text.parse::<VerifierKey>(), Err(Error::Key { .. })), "{text:?}");
    }
    let secrets = [
        "",
        &good,
        &secret[..secret.len() - 4],
        &secret.replace("6f4d", "6f4e"),
        &secret.replace("log.", "lag."),
    ];
    for text in secrets {
        assert!(matches!(SigningKey::from_secret_text(text), Err(Error::Key { .. })), "{text:?}");
    }
    for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb", "a\0b"] {
        assert!(SigningKey::from_seed(name, [7; 32]).is_err(), "{name:?}");
    }
}

#[test]
fn a_secret_does_not_show() {
    let shown = format!("{:?}", log());
    assert_eq!(shown, format!("SigningKey({}, secret not shown)", log_key()));
    let error = SigningKey::from_secret_text(&log().to_secret_text().replace("6f4d", "6f4e")).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("BwcHBw"));
}
