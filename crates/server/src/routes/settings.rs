//! Settings of the control plane, with their history.

use futures::FutureExt;
use whodunit_api::admin::{
    ChangeSettingRequest, RevertSettingRequest, SettingHistory, SettingList, SettingVersionView, SettingView,
};
use whodunit_control::SettingName;
use whodunit_stdx::ErrorKind;

use crate::call::{Answer, Call, ok};
use crate::failure::Failure;
use crate::keeping;

pub fn list(call: Call) -> Answer {
    async move {
        let settings = call.app.control.settings().await?;
        ok(&SettingList { settings: settings.iter().map(SettingView::from).collect() })
    }
    .boxed()
}

pub fn change(call: Call) -> Answer {
    async move {
        let request: ChangeSettingRequest = call.json()?;
        let setting = call.app.control.change_setting(&call.caller, name(&call)?, request.into()).await?;
        keeping::apply(&call.app);
        ok(&SettingView::from(&setting))
    }
    .boxed()
}

pub fn revert(call: Call) -> Answer {
    async move {
        let request: RevertSettingRequest = call.json()?;
        let reason = request.reason.as_deref();
        let control = &call.app.control;
        let setting = control.revert_setting(&call.caller, name(&call)?, request.version, reason).await?;
        keeping::apply(&call.app);
        ok(&SettingView::from(&setting))
    }
    .boxed()
}

pub fn history(call: Call) -> Answer {
    async move {
        let name = name(&call)?;
        let versions = call.app.control.setting_history(name).await?;
        let versions = versions.iter().map(SettingVersionView::from).collect();
        ok(&SettingHistory { name: name.name().to_owned(), versions })
    }
    .boxed()
}

fn name(call: &Call) -> Result<SettingName, Failure> {
    let asked = call.segment("name");
    SettingName::from_name(asked).ok_or_else(|| {
        let known = SettingName::ALL.map(SettingName::name).join(", ");
        Failure::new(ErrorKind::NotFound, format!("no setting is called {asked:?}"))
            .field("name")
            .hint(format!("the settings are {known}"))
    })
}
