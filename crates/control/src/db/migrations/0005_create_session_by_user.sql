CREATE INDEX IF NOT EXISTS session_by_user ON session (user_id, id)
