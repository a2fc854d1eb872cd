import pytest
from tests.conftest import AccountEntry, Later
from .conftest import House, Said

@pytest.mark.parametrize("text",["what's playing?","i like this song","add this song to dinner jazz","what's the next song","play discovery on spotify","move the music to the living room","skip forward 30 seconds","why isn't it playing","wake me up with workout at 7:30 am","set a music sleep timer for 20 minutes","queue get lucky","shuffle my workout playlist","play my liked songs", "save this album","stop after this song","who sings this","repeat this song", "start this song over"])
async def test_x(house: House, anna: AccountEntry, ben: AccountEntry, text, later: Later):
    house.settle(default=anna.entry_id)
    await house.play(anna,"anna","Kitchen")
    await later(10); await later(2)
    print(text,'->',await house.say(text), house.on("anna"))
