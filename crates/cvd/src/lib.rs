//! Coordinated vulnerability disclosure: the Vultron machines, embargo rules, SSVC tables. Pure.
