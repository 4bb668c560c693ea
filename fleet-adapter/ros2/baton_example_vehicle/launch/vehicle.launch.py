from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node


def generate_launch_description():
    """One vehicle: `ros2 launch baton_example_vehicle vehicle.launch.py config:=/etc/agv_07.json`."""
    return LaunchDescription(
        [
            DeclareLaunchArgument("config", description="the vehicle's settings, a JSON file"),
            Node(
                package="baton_example_vehicle",
                executable="vehicle",
                arguments=["--config", LaunchConfiguration("config")],
                output="screen",
            ),
        ]
    )
