//! What stands around an error: request, user, breadcrumbs, SDK, loaded images.

use serde_json::{Map, Value};

use super::Level;
use super::limits::{BREADCRUMBS_MAX, IMAGES_MAX};
use super::read::{Fields, Keep, Text};
use crate::time::Time;

/// Something that happened before the error.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Breadcrumb<'a> {
    pub time: Option<Time>,
    pub kind: Option<Text<'a>>,
    pub category: Option<Text<'a>>,
    pub level: Option<Level>,
    pub message: Option<Text<'a>>,
    pub data: Option<&'a Map<String, Value>>,
}

/// The HTTP request that was being answered, or the page that was open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request<'a> {
    pub url: Option<Text<'a>>,
    pub method: Option<Text<'a>>,
    /// A text, an object or a list of pairs, as sent.
    pub query: Option<&'a Value>,
    pub headers: Vec<(Text<'a>, Text<'a>)>,
    pub cookies: Option<&'a Value>,
    pub data: Option<&'a Value>,
    pub environment: Option<&'a Map<String, Value>>,
}

/// The user of the application.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct User<'a> {
    pub id: Option<Text<'a>>,
    pub email: Option<Text<'a>>,
    pub username: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub ip_address: Option<Text<'a>>,
    /// All that was sent, with the application's own fields.
    pub all: Option<&'a Map<String, Value>>,
}

/// The client that made the event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sdk<'a> {
    pub name: Option<Text<'a>>,
    pub version: Option<Text<'a>>,
    pub integrations: Vec<Text<'a>>,
}

/// A binary, library or source map that was loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DebugImage<'a> {
    pub kind: Option<Text<'a>>,
    pub debug_id: Option<Text<'a>>,
    pub code_id: Option<Text<'a>>,
    pub code_file: Option<Text<'a>>,
    pub debug_file: Option<Text<'a>>,
    pub image_address: Option<Text<'a>>,
    pub image_size: Option<u64>,
    pub architecture: Option<Text<'a>>,
    pub uuid: Option<Text<'a>>,
}

pub(super) fn breadcrumbs<'a>(event: &Fields<'a, '_>) -> Vec<Breadcrumb<'a>> {
    event.objects("breadcrumbs", Keep::Last(BREADCRUMBS_MAX), |fields| Breadcrumb {
        time: fields.time("timestamp"),
        kind: fields.text("type"),
        category: fields.text("category"),
        level: fields.typed("level", "expected a level", Level::from_json),
        message: fields.scalar("message"),
        data: fields.map("data"),
    })
}

pub(super) fn request<'a>(fields: &Fields<'a, '_>) -> Request<'a> {
    const HEADERS_MAX: usize = 200;
    Request {
        url: fields.text("url"),
        method: fields.text("method"),
        query: fields.value("query_string"),
        headers: fields.pairs("headers", HEADERS_MAX),
        cookies: fields.value("cookies"),
        data: fields.value("data"),
        environment: fields.map("env"),
    }
}

pub(super) fn user<'a>(fields: &Fields<'a, '_>) -> User<'a> {
    User {
        id: fields.scalar("id"),
        email: fields.scalar("email"),
        username: fields.scalar("username"),
        name: fields.scalar("name"),
        ip_address: fields.text("ip_address"),
        all: Some(fields.map),
    }
}

pub(super) fn sdk<'a>(fields: &Fields<'a, '_>) -> Sdk<'a> {
    const INTEGRATIONS_MAX: usize = 200;
    Sdk {
        name: fields.text("name"),
        version: fields.scalar("version"),
        integrations: fields.texts("integrations", INTEGRATIONS_MAX),
    }
}

pub(super) fn images<'a>(fields: &Fields<'a, '_>) -> Vec<DebugImage<'a>> {
    fields.objects("images", Keep::First(IMAGES_MAX), |fields| DebugImage {
        kind: fields.text("type"),
        debug_id: fields.text("debug_id"),
        code_id: fields.text("code_id"),
        code_file: fields.text("code_file"),
        debug_file: fields.text("debug_file"),
        image_address: fields.scalar("image_addr"),
        image_size: fields.integer("image_size"),
        architecture: fields.text("arch"),
        uuid: fields.text("uuid"),
    })
}
