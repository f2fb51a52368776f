"""What a phone is told when the portal is installed."""

from portico.web.manifest import web_manifest


def test_a_manifest_names_the_school_and_fits_a_home_screen():
    manifest = web_manifest(
        name="The Met High School",
        short_name="The Met High School",
        color="#0f5c56",
        icon_url="/static/icon.svg",
        maskable_icon_url="/static/icon-maskable.svg",
    )
    assert manifest["name"] == "The Met High School"
    assert len(manifest["short_name"]) <= 12
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert manifest["theme_color"] == "#0f5c56"
