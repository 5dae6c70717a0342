//! Retention rules: the setting `retention` under an address of its own, and in force at once.

use futures::FutureExt;
use whodunit_api::admin::{ChangeSettingRequest, SettingView};
use whodunit_control::SettingName;

use crate::call::{Answer, Call, ok};
use crate::keeping;

pub fn get(call: Call) -> Answer {
    async move { ok(&SettingView::from(&call.app.control.setting(SettingName::Retention).await?)) }.boxed()
}

pub fn set(call: Call) -> Answer {
    async move {
        let request: ChangeSettingRequest = call.json()?;
        let control = &call.app.control;
        let setting = control.change_setting(&call.caller, SettingName::Retention, request.into()).await?;
        keeping::apply(&call.app);
        ok(&SettingView::from(&setting))
    }
    .boxed()
}
