from setuptools import setup

NAME = "baton_example_vehicle"

setup(
    name=NAME,
    version="1.0.0",
    packages=[NAME],
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        (f"share/{NAME}/launch", ["launch/vehicle.launch.py"]),
        (f"share/{NAME}/config", ["config/agv_07.json"]),
    ],
    install_requires=["setuptools"],
    description="A whole vehicle for Baton, small enough to be copied",
    license="Apache-2.0",
    entry_points={"console_scripts": [f"vehicle = {NAME}.main:main"]},
)
