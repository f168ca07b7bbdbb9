resource "heroku_app" "web" {
  name   = "example-web"
  region = "eu"

  buildpacks = [
    "https://github.com/moneymeets/python-poetry-buildpack", # writes requirements.txt
    "https://github.com/example/heroku-buildpack-python",    # a copy
  ]
}
