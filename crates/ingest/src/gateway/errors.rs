//! Sentry's way in: as that of log lines, but what is only not stored here is no failure.

use bytes::Bytes;

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
        let encodings = [Encoding::of(request.content_encoding)?, Encoding::Plain];
        let (client_ip, user_agent) = (request.caller.ip.clone(), request.caller.user_agent.clone());
        let reading = Reading { protocol: Protocol::Sentry, request: &request, encodings, hearing };
        let open = move |body: Bytes, desk: &Desk| {
            let origin = sentry::Origin { client_ip: client_ip.as_deref(), user_agent: user_agent.as_deref() };
            sentry::decode(&body, form, origin, desk)
        };
        let mut opened = self.open(reading, open).await?;
        // What a client sends again, or two of its attempts at once, is stored once; its answer is the same.
        let claims = self.repeats.claim(opened.decoder.keys(&request.project)).await;
        opened.decoder.leave_out(&claims, &request.project);
        let Kept { accepted, rejections, failure, decoder, .. } = self.keep(opened).await?;
        if failure.is_none() {
            claims.are_stored();
        }
        let Some(envelope) = decoder else { return Err(failure.unwrap_or_else(interrupted)) };
        for (code, items) in &envelope.passed_over {
            ITEMS_PASSED_OVER.add(&[code], *items);
            hearing.passed_over(code, *items);
        }
        let nothing = accepted == 0 && envelope.passed_over.is_empty();
        let failure = failure.or_else(|| {
            let first = rejections.listed.first().filter(|_| nothing)?;
            Some(none_accepted(Protocol::Sentry, rejections.total(), (first.line, &first.field, &first.reason)))
        });
        let answer = sentry::SentryAnswer { event_id: envelope.event_id, accepted, rejected: rejections.total() };
        Ok(Taken { answer, failure })
    }
}
