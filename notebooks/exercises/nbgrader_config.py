# nbgrader's settings for Gradus's exercise notebooks. Put this file into the course's folder.
from nbgrader.converters.generate_assignment import GenerateAssignment

c = get_config()  # noqa: F821

# The notebooks are what students get: there is no solution in them to be cleared.
c.GenerateAssignment.preprocessors = [
    preprocessor
    for preprocessor in GenerateAssignment.preprocessors.default()
    if preprocessor.__name__ != "ClearSolutions"
]
# The first cell compiles what the checks need.
c.ExecutePreprocessor.timeout = 600
c.Execute.timeout = 600
