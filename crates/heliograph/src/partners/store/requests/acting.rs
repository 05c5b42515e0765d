//! What its partner or a manager does with a request.

use super::{checked, cleared, entitled, stream};
use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::partners::rules::{self, RequestAct};
use crate::refusal::Refusal;
use crate::web::Expected;
use vocabulary::RequestId;

/// Does something with a request, as its partner or as a manager.
pub(in crate::partners) async fn act_on(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    id: RequestId,
    seen: Expected,
    act: RequestAct,
) -> Result<(), Refusal> {
    act.check()?;
    if act.is_of_partner() != (permission == Permission::RepresentPartner) {
        return Err(Refusal::invalid("act", "This is for the other side to do."));
    }
    let (viewer, policies, actor) = (viewer.clone(), app.policies.clone(), viewer.actor()?);
    app.ledger
        .submit(move |w| {
            let mut asked = checked(w, &policies, &viewer, permission, &id)?;
            seen.check(&asked.version.to_string())?;
            let (now, place) = (w.now(), stream(&id));
            if matches!(act, RequestAct::Accept {}) {
                let organisation = asked.state.organisation.clone().ok_or(Refusal::NotFound)?;
                let cleared = cleared(w.tx(), &organisation, asked.state.clearance.as_deref(), now)?;
                rules::may_accept(&asked.state, &entitled(w.tx(), &asked.state, now)?, &cleared)?;
            }
            let event = rules::act_on_request(&asked.state, &act, now, &mut |text| w.seal(&place, text))?;
            w.append(&mut asked, &actor, vec![event])?;
            Ok(())
        })
        .await
}
