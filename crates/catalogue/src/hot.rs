//! What was asked for lately, ready for whoever asks next.
//!
//! What is held counts until anybody writes to the catalogue; what is held from before may be looked at again.
//! When it grows too large, all of it goes.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Bytes that are held; when more come, all go.
const HELD_BYTES: usize = 16 << 20;

/// Values of one kind by their keys; small ones, or pointers to large ones, for each that is asked for is copied.
pub(super) struct Hot<K, V>(RwLock<Held<K, V>>);

struct Held<K, V> {
    bytes: usize,
    values: HashMap<K, Value<V>>,
}

struct Value<V> {
    /// Of the catalogue that it was read from.
    generation: u64,
    bytes: usize,
    value: V,
}

impl<K, V> Default for Held<K, V> {
    fn default() -> Self {
        Self { bytes: 0, values: HashMap::new() }
    }
}

impl<K, V> Default for Hot<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash, V: Clone> Hot<K, V> {
    fn held(&self) -> RwLockReadGuard<'_, Held<K, V>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is held under a key and was read from the catalogue as it is.
    pub(super) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q, generation: u64) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let held = self.held();
        held.values.get(key).filter(|held| held.generation == generation).map(|held| held.value.clone())
    }

    /// What is held under a key, however old.
    pub(super) fn of_before<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.held().values.get(key).map(|held| held.value.clone())
    }

    /// Holds a value that was read at or after this generation. What was read before somebody wrote
    /// must not be held for those who ask after it.
    pub(super) fn keep(&self, key: K, value: &V, bytes: usize, generation: u64) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = held.values.get(&key).map(|held| (held.generation, held.bytes));
        if bytes > HELD_BYTES || known.is_some_and(|(known, _)| known > generation) {
            return;
        }
        held.bytes -= known.map_or(0, |(_, bytes)| bytes);
        if held.bytes + bytes > HELD_BYTES {
            *held = Held::default();
        }
        held.bytes += bytes;
        held.values.insert(key, Value { generation, bytes, value: value.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_counts_beyond_a_write_and_nothing_is_held_beyond_its_room() {
        let hot = Hot::<String, u8>::default();
        hot.keep("a".into(), &1, 10, 5);
        assert_eq!(hot.get("a", 5), Some(1));
        assert_eq!(hot.get("a", 6), None, "somebody wrote since");
        assert_eq!(hot.of_before("a"), Some(1));
        hot.keep("a".into(), &2, 10, 6);
        hot.keep("a".into(), &1, 10, 5);
        assert_eq!(hot.get("a", 6), Some(2), "what was read before the write came too late");
        hot.keep("c".into(), &3, HELD_BYTES + 1, 6);
        assert_eq!(hot.get("c", 6), None);
        hot.keep("a".into(), &4, HELD_BYTES, 6);
        assert_eq!(hot.get("a", 6), Some(4), "it takes the room of what it replaces");
        hot.keep("c".into(), &3, HELD_BYTES, 6);
        assert_eq!((hot.get("a", 6), hot.get("c", 6)), (None, Some(3)));
    }
}
