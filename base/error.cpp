#include "base/error.h"

#include <cassert>

namespace hansa {
namespace {

using C = Condition;
using T = ErrorType;

constexpr std::array<ConditionRow, kConditionCount> kRows{{
    {C::bad_request, "bad-request", T::modify, false, "The request was not understood."},
    {C::conflict, "conflict", T::cancel, false, "That name is already in use."},
    {C::feature_not_implemented, "feature-not-implemented", T::cancel, false,
     "This service does not offer that."},
    {C::forbidden, "forbidden", T::auth, false, "You do not have the right to do that."},
    {C::gone, "gone", T::cancel, false, "This address no longer exists."},
    {C::internal_server_error, "internal-server-error", T::cancel, false,
     "The service failed to handle the request."},
    {C::item_not_found, "item-not-found", T::cancel, false, "There is nothing at that address."},
    {C::jid_malformed, "jid-malformed", T::modify, false, "That is not a valid address."},
    {C::not_acceptable, "not-acceptable", T::modify, false, "The request is not acceptable here."},
    {C::not_allowed, "not-allowed", T::cancel, false, "That is not allowed to anyone here."},
    {C::not_authorized, "not-authorized", T::auth, false, "A password is needed."},
    {C::policy_violation, "policy-violation", T::modify, false, "That is against the rules here."},
    {C::recipient_unavailable, "recipient-unavailable", T::wait, true,
     "The recipient is not there at the moment."},
    {C::redirect, "redirect", T::modify, false, "Please use another address."},
    {C::registration_required, "registration-required", T::auth, false,
     "Only members may enter; you may ask to join."},
    {C::remote_server_not_found, "remote-server-not-found", T::cancel, false,
     "That server does not exist."},
    {C::remote_server_timeout, "remote-server-timeout", T::wait, true,
     "That server cannot be reached at the moment."},
    {C::resource_constraint, "resource-constraint", T::wait, true,
     "The service is busy; please try again."},
    {C::service_unavailable, "service-unavailable", T::cancel, false,
     "This address does not offer that."},
    {C::subscription_required, "subscription-required", T::auth, false,
     "A subscription is needed."},
    {C::undefined_condition, "undefined-condition", T::cancel, false, "Something went wrong."},
    {C::unexpected_request, "unexpected-request", T::wait, true,
     "That request was not expected now."},
}};

constexpr bool rows_in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].condition) != i) return false;
  }
  return true;
}
static_assert(rows_in_order(), "a row's place is its condition's number");

constexpr std::array<std::string_view, 5> kTypeNames{"auth", "cancel", "continue", "modify",
                                                     "wait"};

}  // namespace

const ConditionRow& row_of(Condition condition) {
  return kRows[static_cast<std::size_t>(condition)];
}

Condition condition_named(std::string_view element) {
  for (const ConditionRow& row : kRows) {
    if (row.element == element) return row.condition;
  }
  return Condition::undefined_condition;
}

std::string_view name_of(ErrorType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

}  // namespace hansa
