#!/bin/bash
# Builds the image line by line, as the Dockerfile says, where no registry of images can be reached: on stand-ins of its
# base images, made of Debian's packages. Then starts its command and asks /readyz. `make image` runs this; as root.
set -euo pipefail
cd "$(dirname "$0")/.."

for program in buildah debootstrap; do
    command -v $program >/dev/null || { echo "Not built: no $program here (apt-get install buildah debootstrap)."; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "Not built: debootstrap needs root."; exit 77; }

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
say() { echo "$(date +%T) $*"; }
image() { TMPDIR=$work buildah --root "$work/storage" --runroot "$work/run" "$@"; }

# Debian 12 with the certificates that this machine trusts, in the folder that stand-ins are built in.
debian() {
    mkdir "$work/context"
    debootstrap --variant=minbase --include=ca-certificates bookworm "$work/root" >"$work/log" || { tail "$work/log"; exit 1; }
    tar --create --directory "$work/root" --exclude='./dev/*' --file "$work/context/debian.tar" .
    cp /etc/ssl/certs/ca-certificates.crt "$work/context/"
    rm -rf --one-file-system "$work/root"
}

# An image of Debian with packages, under the name of the one that it stands in for.
stand_in() {
    local name=$1 packages=$2
    image bud --quiet --tag "$name" --file - "$work/context" >"$work/log" 2>&1 <<END || { tail "$work/log"; exit 1; }
FROM scratch
ADD debian.tar /
ADD ca-certificates.crt /etc/ssl/certs/
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt NPM_CONFIG_CAFILE=/etc/ssl/certs/ca-certificates.crt
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN apt-get update && apt-get install --yes --no-install-recommends $packages
END
}

debian
say "Debian is there"
for base in $(sed -n 's/^FROM \([^ ]*\).*/\1/p' Dockerfile | sort -u); do
    case $base in
        python:3.11-*-bookworm) stand_in "$base" "python3-venv python-is-python3" ;;
        node:*) stand_in "$base" npm ;;
        *) echo "Not built: no stand-in is known for $base."; exit 1 ;;
    esac
    say "$base: a stand-in is there"
done

image bud --pull-never --tag lanson .
say "the image is built"

# Without a network but its own: no port is taken from this machine, and nothing is fetched by then.
command=$(image inspect --type image --format '{{range .OCIv1.Config.Cmd}}{{.}} {{end}}' lanson)
key=$(od -An -N40 -tx1 /dev/urandom | tr -d ' \n')
container=$(image from --pull-never lanson)
unshare --net sh -c 'ip link set lo up && exec "$@"' sh \
    env TMPDIR="$work" buildah --root "$work/storage" --runroot "$work/run" run --env SECRET_KEY="$key" --env ALLOWED_HOSTS=localhost \
    --env DATABASE_URL=sqlite:////backups/db.sqlite3 --env MEDIA_ROOT=/media --env HTTPS=off "$container" -- sh -ec "
        test \"\$(id -un)\" = tracker
        pg_dump --version
        python manage.py migrate --no-input --verbosity=0
        $command &
        trap 'kill \$!' EXIT
        for second in \$(seq 60); do
            sleep 1
            ! python scripts/healthcheck.py 8000 /readyz /login/ 2>/dev/null || exit 0
        done
        python scripts/healthcheck.py 8000 /readyz /login/"
say "the container answers /readyz and /login/"
