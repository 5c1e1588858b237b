# Sourced by bin/run and bin/test: a Python >= 3.11 in $PY with the packages of $1 installed, once per change of that file.
# Needs nothing but python3 with pip; uses a virtual environment where the machine can make one, else a plain folder.

for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
        BASE=$candidate
        break
    fi
done
if [ -z "${BASE:-}" ]; then
    echo "Python 3.11, 3.12 or 3.13 is needed (set PYTHON to name one)." >&2
    exit 2
fi

prepare() {
    folder=${DANYUAN_VENV:-.venv}
    mark="$folder/.installed-$(basename "$1" .txt)"
    # What is wanted, by content: a changed requirements file is installed anew.
    wanted=$(cat requirements.txt requirements-train.txt "$1" | cksum)
    if [ ! -x "$folder/bin/python" ] && [ ! -d "$folder/packages" ]; then
        "$BASE" -m venv "$folder" >/dev/null 2>&1 || { rm -rf "$folder"; mkdir -p "$folder/packages"; }
    fi
    if [ -x "$folder/bin/python" ]; then
        PY="$folder/bin/python"
        into=""
    else
        PY=$BASE
        into="--target $folder/packages --upgrade"
        PYTHONPATH="$folder/packages${PYTHONPATH:+:$PYTHONPATH}"
        export PYTHONPATH
    fi
    if [ "$(cat "$mark" 2>/dev/null)" != "$wanted" ]; then
        echo "Installing what $1 names (the first time takes a minute) ..." >&2
        # shellcheck disable=SC2086  # $into is several words or none
        "$PY" -m pip install --quiet --disable-pip-version-check $into -r "$1" >&2 || exit 2
        echo "$wanted" >"$mark"
    fi
}
