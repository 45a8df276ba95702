"""Say in one line that a C++ compiler or make tool is missing, before a long build fails on it."""

import os
import shutil
import sys

COMPILERS = (os.environ.get("CXX", ""), "c++", "g++", "clang++")

if not any(name and shutil.which(name.split()[0]) for name in COMPILERS):
    sys.exit(
        "Quorum compiles llama.cpp and found no C++ compiler. "
        "Debian or Ubuntu: apt-get install build-essential. macOS: xcode-select --install."
    )
