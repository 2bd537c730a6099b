#!/usr/bin/env bash
# A Slurm array: sbatch --array=1-8 slurm.sh, then `gradus grade merge part-*.json --course course.toml`.
#SBATCH --cpus-per-task=2
set -euo pipefail
gradus grade submissions --course course.toml --seed-file seed --jobs 2 \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  --format json --out "part-$SLURM_ARRAY_TASK_ID.json" --resume
