#!/usr/bin/env bash
# From nothing to an accepted hand-off with curl and openssl 3, at
#   a sandbox (npm run partner -- sandbox):   partner-quick-start.sh
#   a running side of Viet Nam:               partner-quick-start.sh URL TOKEN TOKEN   (of two accounts that may enrol keys)
set -euo pipefail
baton=${1:-http://127.0.0.1:9080}
tokens=("${@:2}")
host=${baton#*://}
kid=my-key-$RANDOM$RANDOM
work=$(mktemp -d)
b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# 1. A key of ours, and its public half as a JWK.
openssl genpkey -algorithm ed25519 -out "$work/key.pem" 2>/dev/null
x=$(openssl pkey -in "$work/key.pem" -pubout -outform DER | tail -c 32 | b64url)

# 2. Enrol it, with a proof that the private half is ours: at a sandbox by ourselves, elsewhere by two accounts of that side.
printf 'baton key enrolment\ncn\n%s\n%s' "$kid" "$x" > "$work/proof.txt"
proof=$(openssl pkeyutl -sign -rawin -inkey "$work/key.pem" -in "$work/proof.txt" | b64url)
key="\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"$kid\",\"x\":\"$x\"},\"proof\":\"$proof\""
post() { curl -sS --fail-with-body "$baton$1" -H 'content-type: application/json' "${@:3}" -d "$2"; echo; }
if [ ${#tokens[@]} -eq 0 ]; then
  post /partner/v1/sandbox/keys "{$key}"
else
  asked=$(post /api/v1/partner/keys "{$key,\"reason\":\"confirmed by telephone\"}" -H "authorization: Bearer ${tokens[0]}")
  proposal=$(sed -E 's/.*"proposalId":"([^"]+)".*/\1/' <<< "$asked")
  post "/api/v1/proposals/$proposal/agree" '{}' -H "authorization: Bearer ${tokens[1]}"
fi

# 3. Sign a request: method, authority, path, and what it says (RFC 9421, RFC 9530).
signed() { # METHOD PATH [BODY FILE]
  local covered='"@method" "@authority" "@path"' base headers=() digest params signature
  base="\"@method\": $1"$'\n'"\"@authority\": $host"$'\n'"\"@path\": $2"
  if [ $# -gt 2 ]; then
    digest="sha-256=:$(openssl dgst -sha256 -binary "$3" | openssl base64 -A):"
    covered="$covered \"content-digest\" \"content-type\""
    base="$base"$'\n'"\"content-digest\": $digest"$'\n'"\"content-type\": application/json"
    headers=(-H "content-digest: $digest" -H 'content-type: application/json' --data-binary "@$3")
  fi
  params="($covered);created=$(date +%s);keyid=\"$kid\";nonce=\"$(openssl rand -hex 16)\";tag=\"baton-handoff\""
  printf '%s\n"@signature-params": %s' "$base" "$params" > "$work/base.txt"
  signature=$(openssl pkeyutl -sign -rawin -inkey "$work/key.pem" -in "$work/base.txt" | openssl base64 -A)
  curl -sS --fail-with-body -X "$1" "$baton$2" "${headers[@]}" \
    -H "signature-input: sig=$params" -H "signature: sig=:$signature:" \
    -H "baton-signature-base: $(openssl base64 -A -in "$work/base.txt")"
}

# 4. Is the signature right? A sandbox's debugger says so, or names the component that differs.
if [ ${#tokens[@]} -eq 0 ]; then signed GET /partner/v1/sandbox/signature; echo; fi

# 5. Offer a container. A side that is full declines (no-room): then the container is offered again, as a new hand-off.
offer() {
  id=my-handoff-$RANDOM$RANDOM
  local now
  now=$(date +%s)
  cat > "$work/offer.json" <<JSON
{"messageId":"$id.offer","handoffId":"$id","from":"cn","to":"vn","sentAtMs":${now}000,"type":"offer","body":{
 "mode":"control-passes","handoffPointId":"import-1","direction":"import","vehicleId":"acme.agv-1","vehicleHome":"cn",
 "etaMs":$((now + 300))000,"expiresAtMs":$((now + 3600))000,
 "manifest":{"container":{"containerNo":"CSQU3054383","sizeType":"45G1","declaredGrossKg":21000,"goodsSummary":"oranges",
   "seals":[{"sealNo":"CN-1","sealClass":"H","state":"armed"}]},
  "consignment":{"orderId":"o-1","declarationNo":"CN-2026-1","channel":"green"},
  "vehicle":{"manufacturer":"acme","serialNumber":"agv-1","lengthM":15,"widthM":3,"batteryPct":80},
  "direction":"import","priority":3}}}
JSON
  signed POST "/partner/v1/handoffs/$id/messages" "$work/offer.json"; echo
}
offer

# 6. Accepted?
for _ in $(seq 60); do
  answer=$(signed GET "/partner/v1/handoffs/$id")
  case $answer in
    *'"phase":"accepted"'*) echo "$answer"; echo "ACCEPTED: $id"; exit 0 ;;
    *'"why":"no-room"'*) echo "no room yet"; sleep 10; offer ;;
    *'"phase":"offered"'*) sleep 1 ;;
    *) break ;;
  esac
done
echo "$answer"; exit 1
