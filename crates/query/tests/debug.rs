use crate::data::*;
#[tokio::test]
async fn debug() {
    let world = filled(Stage::Half).await;
    for q in ["SELECT * FROM logs ORDER BY time DESC LIMIT 100",
     "SELECT time, body FROM logs WHERE service='api' AND level='ERROR' ORDER BY time DESC LIMIT 100",
     "SELECT time, body FROM logs WHERE status = 500 ORDER BY time DESC LIMIT 100",
     "SELECT * FROM logs WHERE actor_id = 'user-1'",
     "SELECT count(*) FROM logs WHERE match(body, 'reset')",
     "SELECT count(DISTINCT userId) FROM logs",
     "SELECT service, approx_percentile_cont(duration, 0.99) FROM logs GROUP BY service",
     "SELECT date_trunc('minute', time), service, level, count(*) FROM logs GROUP BY 1,2,3",
     "SELECT min(time), max(time) FROM logs",
     "SELECT state, count(*) FROM audit_logs GROUP BY state"] {
        println!("== {q}\n{}", world.lines(&format!("EXPLAIN {q}")).await.unwrap().join("\n"));
    }
    for q in ["SELECT 1", "SELECT count(*) FROM logs", "SELECT time, body FROM logs WHERE status = 500 ORDER BY time DESC LIMIT 100"] {
        for _ in 0..3 { let t = std::time::Instant::now(); world.lines(q).await.unwrap(); println!("{q} {:?}", t.elapsed()); }
    }
}
