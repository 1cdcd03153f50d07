import pytest

from mediation.core.masking import mask_address, mask_id, mask_id_tail, mask_name, mask_phone

NAMES = {
    "": "",
    "李": "李*",
    "李测一": "李*",
    "欧阳测": "欧*",
    "买买提·艾山": "买*",
    "葛\U000e0100测": "葛\U000e0100*",
    "བཀྲ་ཤིས": "བ*",
    "𠅤测": "𠅤*",
    "Zhao Ce": "Z*",
}


@pytest.mark.parametrize(("name", "shown"), NAMES.items(), ids=map(ascii, NAMES))
def test_name_shows_its_first_character(name, shown):
    assert mask_name(name) == shown


NUMBERS = {
    "citizen": ("439999198506120014", "439999********0014", "****0014"),
    "citizen with X": ("43999919720305019X", "439999********019X", "****019X"),
    "old form": ("439999850612001", "439999*****2001", "****2001"),
    "passport": ("E00000001", "*****0001", "****0001"),
    "short document": ("A12345", "******", "******"),
    "none": ("", "", ""),
}


@pytest.mark.parametrize(("number", "handler", "in_list"), NUMBERS.values(), ids=NUMBERS)
def test_id_number_shows_its_ends(number, handler, in_list):
    assert (mask_id(number), mask_id_tail(number)) == (handler, in_list)


PHONES = {
    "": "",
    "13800138000": "138****8000",
    "0737-4222222": "0737-***2222",
    "010-60000001": "010-****0001",
    "110": "***",
    "4222222": "***2222",
}


@pytest.mark.parametrize(("number", "shown"), PHONES.items())
def test_phone_shows_its_ends(number, shown):
    assert mask_phone(number) == shown


ADDRESSES = {
    "": "",
    "汽车路街道建新社区": "汽车路街道建新社区",
    "汽车路街道建新路12号3栋2单元501室": "汽车路街道建新路12号3栋***",
    "建新路12号3栋": "建新路12号3栋",
    "建新路１２号３栋５０１": "建新路１２号３栋***",
    "建新路8号楼501": "建新路8号楼***",
    "建新家园A座1203": "建新家园A座***",
    "测试大厦1203室": "测试大厦***",
    "建新小区三栋二单元": "建新小区三栋***",
    "建新小区5幢地下室": "建新小区5幢***",
    "建新小区3#201": "建新小区3#***",
    "建新小区3-2-501": "建新小区3***",
    "建新路12号": "建新路12号",
    "建新路12号附3": "建新路12号***",
    "地铁2号线出口建新路5号501": "地铁2号线出口建新路5号***",
    "建新社区501室": "建新社区***",
    "迎风桥镇测试村3组": "迎风桥镇测试村3组",
    "迎风桥镇测试村12组7户": "迎风桥镇测试村12组***",
    "319国道旁测试村": "319国道旁测试村",
}


@pytest.mark.parametrize(("address", "shown"), ADDRESSES.items(), ids=map(ascii, ADDRESSES))
def test_address_ends_at_the_building(address, shown):
    assert mask_address(address) == shown
