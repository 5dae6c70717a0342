CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL
);
CREATE TABLE session (
    token TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id)
);
-- "order" is a keyword, and here the noun needs no quotes.
CREATE TABLE shop_order (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES user (id),
    item TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    status TEXT NOT NULL DEFAULT 'open'
);
-- What the shop itself knows it did, to hold Whodunit's answers against.
CREATE TABLE happened (
    id INTEGER PRIMARY KEY,
    user_id INTEGER,
    action TEXT NOT NULL,
    order_id INTEGER,
    ip TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    session_token TEXT,
    reason TEXT
);
