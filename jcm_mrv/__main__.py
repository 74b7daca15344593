"""``python -m jcm_mrv`` is the command ``jcm-mrv``."""

from jcm_mrv.cli import main

if __name__ == "__main__":
    main()
