-- Which regulation profiles the clocks were reckoned with: when others are, the views are made anew.
CREATE TABLE profiles_in_use (
    hash TEXT NOT NULL
);
