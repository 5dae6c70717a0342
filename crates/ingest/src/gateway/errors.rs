//! Sentry's way in: as that of log lines, but what is only not stored here is no failure.

use std::time::Duration;

use bytes::Bytes;
use whodunit_issues::category::Category;
use whodunit_stdx::ErrorKind;

use super::hearing::Hearing;
use super::lines::{Kept, Reading};
use super::{Gateway, Inner, Request, Taken, counted, interrupted, none_accepted};
use crate::body::Encoding;
use crate::error::Error;
use crate::logs::Desk;
use crate::metrics::ITEMS_PASSED_OVER;
use crate::protocol::Protocol;
use crate::sentry;

impl Gateway {
    /// Takes what Sentry's clients send. It has failed if it ends with some rows stored and some not, or if items could
    /// not be read and nothing else was in it: what is only not stored here is no failure.
    pub async fn sentry(&self, request: Request<'_>, form: sentry::Form) -> Result<Taken<sentry::SentryAnswer>, Error> {
        let mut hearing = self.hears(Protocol::Sentry, &request);
        let outcome = self.0.sentry(request, form, &mut hearing).await;
        counted(Protocol::Sentry, outcome, hearing)
    }
}

impl Inner {
    async fn sentry(
        &self,
        request: Request<'_>,
        form: sentry::Form,
        hearing: &mut Hearing,
    ) -> Result<Taken<sentry::SentryAnswer>, Error> {
        let (project, now) = (request.project.clone(), self.world.instant());
        if let Some(wait) = self.intakes.wait(&project, request.caller, now) {
            let message = "the key has sent more than the project lets it send in a minute";
            return Err(Error::new(ErrorKind::Exhausted, message).limit("key_items_per_minute").retry_after(wait));
        }
        let intake = self.intakes.of(&project);
        let limited: Vec<Category> =
            self.intakes.limited(&project, request.caller, now).into_iter().map(|(category, _)| category).collect();
        let encodings = [Encoding::of(request.content_encoding)?, Encoding::Plain];
        let (client_ip, user_agent) = (request.caller.ip.clone(), request.caller.user_agent.clone());
        let may_wait = self.scripts.get().is_some_and(|scripts| scripts.may_have(project.as_str()));
        let reading = Reading { protocol: Protocol::Sentry, request: &request, encodings, may_wait, hearing };
        let rules = intake.clone();
        let open = move |body: Bytes, desk: &Desk| {
            let filters = rules.as_deref().map(|intake| &intake.filters);
            let (client_ip, user_agent) = (client_ip.as_deref(), user_agent.as_deref());
            let origin = sentry::Origin { client_ip, user_agent, filters, limited: &limited };
            sentry::decode(&body, form, origin, desk)
        };
        let mut opened = self.open(reading, open).await?;
        if let Some(intake) = &intake {
            opened.decoder.sample(|| self.intakes.keeps(&project, intake, now));
        }
        // What a client sends again, or two of its attempts at once, is stored once; its answer is the same.
        let claims = self.repeats.claim(opened.decoder.keys(&project)).await;
        opened.decoder.leave_out(&claims, &project);
        let events = opened.decoder.event_keys(&project);
        let Kept { accepted, rejections, failure, decoder, .. } = self.keep(opened).await?;
        // A request costs something whatever was in it.
        self.intakes.sent(&project, request.caller, accepted.max(1), now);
        match &failure {
            None => claims.are_stored(),
            Some(_) if accepted > 0 => claims.these_are_stored(&events),
            Some(_) => drop(claims),
        }
        let Some(envelope) = decoder else { return Err(failure.unwrap_or_else(interrupted)) };
        for (code, items) in &envelope.passed_over {
            ITEMS_PASSED_OVER.add(&[code], *items);
            hearing.passed_over(code, *items);
        }
        self.intakes.sent_of(&project, request.caller, &envelope.counts, now);
        let limited = self.intakes.limited(&project, request.caller, now);
        let nothing = accepted == 0 && envelope.passed_over.is_empty();
        let failure = failure.or_else(|| {
            let first = rejections.listed.first().filter(|_| nothing)?;
            Some(none_accepted(Protocol::Sentry, rejections.total(), (first.line, &first.field, &first.reason)))
        });
        let is_limited = |code: &String| code.starts_with(sentry::RATE_LIMITED);
        let only_limited =
            accepted == 0 && !envelope.passed_over.is_empty() && envelope.passed_over.keys().all(is_limited);
        let failure = failure.or_else(|| only_limited.then(|| past_limit(&limited)));
        let rejected = rejections.total();
        let answer = sentry::SentryAnswer { event_id: envelope.event_id, accepted, rejected, limited };
        Ok(Taken { answer, failure })
    }
}

/// All that was sent is of categories of which the key has sent its share.
fn past_limit(limited: &[(Category, Duration)]) -> Error {
    let message = "the key has sent more of this than the project lets it send in a minute";
    let wait = limited.iter().map(|(_, wait)| *wait).max().unwrap_or_default();
    Error::new(ErrorKind::Exhausted, message).limit("key_category_items_per_minute").retry_after(wait)
}
