//! What was asked for lately, ready for whoever asks next.
//!
//! What is held is thrown away as soon as anybody has written to the catalogue, and when it grows too large.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes that are held; when more come, all go.
const HELD_BYTES: usize = 16 << 20;

/// Values of one kind by their keys.
pub(super) struct Hot<K, V>(Mutex<Held<K, V>>);

struct Held<K, V> {
    /// Of the catalogue that the values were read from.
    generation: u64,
    bytes: usize,
    values: HashMap<K, Arc<V>>,
}

impl<K, V> Default for Held<K, V> {
    fn default() -> Self {
        Self { generation: 0, bytes: 0, values: HashMap::new() }
    }
}

impl<K, V> Default for Hot<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Hot<K, V> {
    fn held(&self) -> MutexGuard<'_, Held<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is held under a key and was read from the catalogue as it is.
    pub(super) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q, generation: u64) -> Option<Arc<V>>
    where
        K: Borrow<Q>,
    {
        let held = self.held();
        held.values.get(key).filter(|_| held.generation == generation).cloned()
    }

    /// Holds a value that was read at or after this generation. What was read before somebody wrote
    /// must not be held for those who ask after it.
    pub(super) fn keep(&self, key: K, value: &Arc<V>, bytes: usize, generation: u64) {
        let mut held = self.held();
        if generation < held.generation || bytes > HELD_BYTES {
            return;
        }
        if generation > held.generation || held.bytes + bytes > HELD_BYTES {
            *held = Held { generation, ..Held::default() };
        }
        if held.values.insert(key, value.clone()).is_none() {
            held.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_held_beyond_a_write_nor_beyond_its_room() {
        let hot = Hot::<String, u8>::default();
        hot.keep("a".into(), &Arc::new(1), 10, 5);
        assert_eq!(hot.get("a", 5).as_deref(), Some(&1));
        assert_eq!(hot.get("a", 6), None, "somebody wrote since");
        hot.keep("b".into(), &Arc::new(2), 10, 6);
        assert_eq!((hot.get("a", 5), hot.get("a", 6)), (None, None));
        hot.keep("a".into(), &Arc::new(1), 10, 5);
        assert_eq!(hot.get("a", 6), None, "read before the write, kept after it");
        hot.keep("c".into(), &Arc::new(3), HELD_BYTES + 1, 6);
        assert_eq!(hot.get("c", 6), None);
        hot.keep("c".into(), &Arc::new(3), HELD_BYTES, 6);
        assert_eq!((hot.get("b", 6), hot.get("c", 6).as_deref()), (None, Some(&3)));
    }
}
