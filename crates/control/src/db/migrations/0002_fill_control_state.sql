INSERT INTO control_state (id, revision) VALUES (1, 0) ON CONFLICT (id) DO NOTHING
