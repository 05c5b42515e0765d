//! One way to declare the many small enums: states, moves, reasons, each with its plain words.

/// Declares a copyable enum with `ALL`, and `label()` in the plain words that a page shows.
macro_rules! worded {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $label:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$about])* $variant,)+ }

        impl $name {
            /// Every value, in the order in which the source lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The plain words that a page shows.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

/// Where a table of transitions leads, if it knows this step.
pub(crate) fn step<S: Copy + Eq, M: Copy + Eq>(table: &[(S, M, S)], from: S, by: M) -> Option<S> {
    table.iter().find(|(state, step, _)| *state == from && *step == by).map(|(_, _, to)| *to)
}

/// The second half of a refusal: what can be done instead.
pub(crate) fn instead<S: Copy + Eq, M: Copy + Eq>(
    table: &[(S, M, S)],
    from: S,
    label: fn(M) -> &'static str,
) -> String {
    let open: Vec<&str> =
        table.iter().filter(|(state, ..)| *state == from).map(|(_, step, _)| label(*step)).collect();
    if open.is_empty() {
        "nothing more can happen to it, this state is final".to_owned()
    } else {
        format!("possible now: {}", open.join(", "))
    }
}
