#!/usr/bin/env bash
# The tool at work: run it as `bookafy sandbox -- tests/demo.sh`, with bookafy in PATH. `./dev demo` does.
set -euo pipefail
exec 2>&1 # what is said to people belongs between the results here

# A booking of the sandbox, which is the same at every start: event and invitee.
booking=6fa459ea-ee8a-4ca4-894e-db77e160355e/16fd2706-8baf-433b-82eb-8c7fada847da

fail() {
    echo "demo: $*"
    exit 1
}

say() {
    printf '\n# %s\n' "$*"
}

# expect STATUS COMMAND...: echoes the command and runs it; its standard output is kept in $result.
expect() {
    local wanted=$1 status=0
    shift
    printf '$ %s\n' "$*"
    result=$("$@" 2>&3) || status=$?
    [[ -z $result ]] || printf '%s\n' "$result"
    [[ $status -eq $wanted ]] || fail "exit status $status instead of $wanted"
}
exec 3>&1

say "A sandbox of its own at ${BOOKAFY_API_URL:?run this in bookafy sandbox --}. Who am I there?"
expect 0 bookafy whoami
[[ $result == *owner* ]] || fail 'the owner is not named'

say 'Subscribe to the three main events of the whole organization.'
expect 0 bookafy create --url https://hooks.example.org/bookafy --scope organization \
    --event invitee.created,invitee.canceled,routing_form_submission.created --output uri
subscription=$result

say 'It is in the list.'
expect 0 bookafy list
[[ $result == *"${subscription##*/}"* ]] || fail 'the new subscription is not in the list'

say 'A member may not do that, and is told what is possible.'
expect 4 env BOOKAFY_TOKEN=sandbox-member bookafy create --url https://hooks.example.org/mine --scope organization \
    --event invitee.created
[[ -z $result ]] || fail 'a refusal has a result'

say 'Look at the invitee of a booking.'
expect 0 bookafy inspect "$booking"
[[ $result == *@* ]] || fail 'the invitee has no e-mail address'

say 'Delete the subscription; it is no longer in the list.'
expect 0 bookafy delete "$subscription"
expect 0 bookafy list
[[ $result != *"${subscription##*/}"* ]] || fail 'the deleted subscription is still in the list'
