//! Projects: numbers, slugs, archive.

use whodunit_control::{NewProject, ProjectUpdate};
use whodunit_model::{Project, Role};
use whodunit_stdx::ErrorKind;

use crate::house::{House, START};
use crate::on_both;

on_both! {
    an_installation_starts_with_its_own_trail_and_a_default_project,
    projects_are_numbered_and_found_at_once,
    a_slug_is_legal_and_unique,
    the_own_trail_cannot_be_changed,
    a_rename_is_for_people_only,
}

fn new(slug: &str) -> NewProject {
    NewProject { slug: slug.into(), name: None, reason: None }
}

async fn an_installation_starts_with_its_own_trail_and_a_default_project(house: House) {
    let projects = house.control.projects().await.expect("lists");
    let listed: Vec<_> =
        projects.iter().map(|project| (project.number, project.slug.as_str(), project.created_at)).collect();
    assert_eq!(listed, [(0, Project::WHODUNIT, START), (1, Project::DEFAULT, START)]);
    assert_eq!(house.reopened().await.projects().await.expect("lists"), projects, "a restart makes no more of them");
}

async fn projects_are_numbered_and_found_at_once(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    assert_eq!(house.control.create_project(&owner, new("shop")).await.expect("is made").number, 2);
    assert_eq!(house.control.create_project(&owner, new("billing")).await.expect("is made").number, 3);
    let directory = house.control.directory();
    assert_eq!(directory.project("shop").expect("is there").name, "shop");
    assert_eq!(directory.project_by_number(3).expect("is there").slug.as_str(), "billing");
    assert!(directory.project("nothing").is_none());
    assert_eq!(directory.projects().count(), 4);
}

async fn a_slug_is_legal_and_unique(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    for bad in ["", "A", "a b", "../etc"] {
        let error = house.control.create_project(&owner, new(bad)).await.expect_err(bad);
        assert_eq!(error.field, Some("slug"));
    }
    for taken in [Project::DEFAULT, Project::WHODUNIT] {
        let error = house.control.create_project(&owner, new(taken)).await.expect_err(taken);
        assert_eq!(error.kind, ErrorKind::Conflict);
    }
    let viewer = house.caller("viewer@example.com", Role::Viewer).await;
    let error = house.control.create_project(&viewer, new("shop")).await.expect_err("only reads");
    assert_eq!(error.kind, ErrorKind::Forbidden);
}

async fn the_own_trail_cannot_be_changed(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let update = ProjectUpdate { archived: Some(true), ..ProjectUpdate::default() };
    let error = house.control.update_project(&owner, Project::WHODUNIT, update.clone()).await.expect_err("stays");
    assert_eq!(error.kind, ErrorKind::Conflict);
    let error = house.control.update_project(&owner, "nothing", update.clone()).await.expect_err("is not there");
    assert_eq!(error.kind, ErrorKind::NotFound);
    let error = house.control.update_project(&owner, "No Slug", update).await.expect_err("is not there");
    assert_eq!(error.kind, ErrorKind::NotFound);
}

async fn a_rename_is_for_people_only(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let update = ProjectUpdate { name: Some(" Web shop ".into()), ..ProjectUpdate::default() };
    let after = house.control.update_project(&owner, Project::DEFAULT, update).await.expect("is renamed");
    assert_eq!((after.number, after.slug.as_str(), after.name.as_str()), (1, Project::DEFAULT, "Web shop"));
    let rows = house.trail_of("PROJECT_UPDATE");
    assert!(
        rows[1]["changes"].contains("\"Default\"") && rows[1]["changes"].contains("\"Web shop\""),
        "{}",
        rows[1]["changes"]
    );
    let update = ProjectUpdate { name: Some(" ".into()), ..ProjectUpdate::default() };
    assert_eq!(
        house.control.update_project(&owner, Project::DEFAULT, update).await.expect_err("is empty").field,
        Some("name")
    );
}
