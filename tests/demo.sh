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

say 'The other half: a listener that checks signatures with a fresh key and keeps what it receives.'
folder=$(mktemp -d)
listener=
trap '[[ -z $listener ]] || kill "$listener" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
(umask 077 && head -c 32 /dev/urandom | base64 >key)
printf '$ bookafy listen --bind 127.0.0.1:0 --signing-key-file key --store ledger.db &\n'
exec 4< <(exec bookafy listen --bind 127.0.0.1:0 --signing-key-file key --store ledger.db 2>&1)
listener=$!
read -r -t 20 -u 4 line || fail 'the listener says nothing'
printf '%s\n' "$line"
expect 0 bookafy --quiet create --url "${line##* }/" --scope organization --event invitee.created,invitee.canceled \
    --signing-key-file key --output uri

say 'Somebody books and cancels; somebody books and moves the meeting.'
expect 0 bookafy trigger book --output uri
expect 0 bookafy trigger cancel "$result" --output uri
expect 0 bookafy trigger book --output uri
expect 0 bookafy trigger reschedule "$result" --output uri

say 'What arrived: five deliveries, since moving a meeting cancels one and books another.'
for _ in 1 2 3 4 5; do
    read -r -t 20 -u 4 line || fail 'a delivery is missing'
    printf '%s…\n' "${line:0:100}"
    [[ $line == '{"created_at":'* ]] || fail 'this is no delivery'
done

say 'And what it means.'
expect 0 bookafy bookings --store ledger.db --output csv --fields status,name,event_name,start_time
[[ $result == *canceled* && $result == *rescheduled* && $result == *active* ]] || fail 'a state is missing'
kill "$listener"
wait "$listener" || true
listener=
