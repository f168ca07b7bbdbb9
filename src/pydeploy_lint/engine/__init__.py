"""Runs checks over the facts of an app: findings, the prediction of the build, suppressions and baselines."""
