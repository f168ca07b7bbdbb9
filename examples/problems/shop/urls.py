"""The shop's addresses."""

urlpatterns = []
